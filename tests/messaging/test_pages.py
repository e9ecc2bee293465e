from tests.messaging.school_time import from_class, from_parent


def test_pages_open(people, clock):
    nia, celyn, office = people.client(people.nia), people.client(people.celyn), people.client(people.office)
    m = from_parent(people)
    from_class(people)
    for c, urls in [
        (
            nia,
            [
                "/messages/",
                f"/messages/{m.conversation_id}/",
                "/write/",
                "/write/absence/",
                "/write/urgent/",
                "/write/other/",
                f"/messages/{m.conversation_id}/new/",
            ],
        ),
        (
            celyn,
            [
                "/messages/",
                f"/messages/{m.conversation_id}/",
                f"/messages/child/{people.mali.pk}/parent/{people.gareth.pk}/",
            ],
        ),
        (office, ["/office/", "/office/absences.csv"]),
    ]:
        for u in urls:
            r = c.get(u)
            assert r.status_code == 200, u
            print(u, len(r.content))
