"""Define the triggers that guard enquiries and entries (PA-7, TE-4)."""

import pgtrigger

STATE_HAS_ITS_HOUR = pgtrigger.Trigger(
    # Until `state_release_at` the family sees the earlier state: nobody learns that staff looked at night.
    name="enquiry_state_has_its_hour",
    operation=pgtrigger.UpdateOf("state"),
    when=pgtrigger.Before,
    func="""
    IF NEW.state = OLD.state THEN
        NEW.state_release_at := OLD.state_release_at;
        NEW.family_state := OLD.family_state;
        RETURN NEW;
    END IF;
    IF NEW.state_release_at IS NULL OR (
        NEW.state_release_at = OLD.state_release_at AND NEW.state_release_at < school_now() - interval '1 minute'
    ) THEN
        RAISE EXCEPTION 'enquiry_state_has_its_hour' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state_release_at > school_instant() THEN
        NEW.family_state := OLD.family_state;
    ELSE
        NEW.family_state := OLD.state;
    END IF;
    RETURN NEW;
    """,
)

ALERT_IS_MARKED = pgtrigger.Trigger(
    # Whichever code writes it, an urgent enquiry, or one about a diet or allergy, comes first in the list.
    name="enquiry_alert_is_marked",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("topic", "facts", "alert"),
    when=pgtrigger.Before,
    func="""
    IF NEW.topic = 'urgent' THEN
        NEW.alert := 'urgent';
    ELSIF NEW.topic = 'dinners' AND NEW.facts->>'about' = 'diet' THEN
        NEW.alert := 'allergy';
    END IF;
    RETURN NEW;
    """,
)

ENTRY_STAYS = pgtrigger.Trigger(
    # Only a pending answer may be changed or withdrawn; the clock is read when its row is updated.
    name="entry_stays_once_it_arrived",
    operation=pgtrigger.UpdateOf(
        "enquiry_id", "kind", "body", "staff_id", "user_id", "key", "at", "release_at", "withdrawn_at"
    ),
    when=pgtrigger.Before,
    func="""
    IF OLD.kind <> 'answer' OR OLD.withdrawn_at IS NOT NULL OR OLD.release_at <= school_instant()
    OR (NEW.enquiry_id, NEW.kind, NEW.staff_id, NEW.user_id, NEW.key, NEW.at)
       IS DISTINCT FROM (OLD.enquiry_id, OLD.kind, OLD.staff_id, OLD.user_id, OLD.key, OLD.at) THEN
        RAISE EXCEPTION 'entry_stays_once_it_arrived' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
    """,
)

ANSWER_HAS_A_READER = pgtrigger.Trigger(
    # An adult without an account, or with a closed one, cannot read an answer.
    name="entry_answer_has_a_reader",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(new__kind="answer"),
    func="""
    IF EXISTS (
        SELECT 1 FROM messaging_enquiry e
        JOIN accounts_user u ON u.id = e.parent_id
        LEFT JOIN messaging_origin o ON o.enquiry_id = e.id
        LEFT JOIN classes_contact c ON c.id = o.contact_id
        WHERE e.id = NEW.enquiry_id AND (
            u.removed_at IS NOT NULL OR NOT u.is_active
            OR (o.contact_id IS NOT NULL AND c.user_id IS DISTINCT FROM e.parent_id)
        )
    ) THEN
        RAISE EXCEPTION 'entry_answer_has_a_reader' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
    """,
)
