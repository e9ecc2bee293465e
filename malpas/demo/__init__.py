"""The demo school: invented people at a school like the one the portal is made for."""
