"""Triggers that guard a staff member's account, the last leader and the governor."""

import pgtrigger

STAFF_TRIGGERS = [
    pgtrigger.Trigger(
        name="staff_account_was_accepted",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
        IF NEW.user_id IS NULL OR (TG_OP = 'UPDATE' AND NEW.user_id IS NOT DISTINCT FROM OLD.user_id) THEN
            RETURN NEW;
        END IF;
        IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.user_id AND u.kind <> 'person') THEN
            RAISE EXCEPTION 'staff_account_is_a_persons' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM accounts_staffinvitation i WHERE i.staff_id = NEW.id
            AND i.accepted_by_id = NEW.user_id AND i.accepted_at IS NOT NULL AND i.ended_at IS NULL
        ) THEN
            RAISE EXCEPTION 'staff_account_was_accepted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="staff_one_leader_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("leads", "boolean")],
        func="""
        leads := TG_OP = 'UPDATE' AND NEW.is_slt AND NEW.user_id IS NOT NULL
            AND NEW.left_on IS NULL AND NEW.leaves_on IS NULL;
        IF leads OR NOT OLD.is_slt OR OLD.user_id IS NULL
            OR OLD.left_on IS NOT NULL OR OLD.leaves_on IS NOT NULL THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('staff_one_leader_stays'));
        IF NOT EXISTS (
            SELECT 1 FROM accounts_staffmember s WHERE s.is_slt AND s.user_id IS NOT NULL
            AND s.left_on IS NULL AND s.leaves_on IS NULL
        ) THEN
            RAISE EXCEPTION 'staff_one_leader_stays' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="staff_governor_takes_two",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
        IF NEW.is_governor <> OLD.is_governor AND NOT EXISTS (
            SELECT 1 FROM accounts_governorchange c WHERE c.staff_id = NEW.id
            AND c.kind = CASE WHEN NEW.is_governor THEN 'name' ELSE 'end' END
            AND c.transaction = txid_current()
        ) OR OLD.is_governor AND NEW.is_governor AND OLD.left_on IS NULL
            AND (NEW.left_on IS NOT NULL OR NEW.user_id IS DISTINCT FROM OLD.user_id)
        THEN
            RAISE EXCEPTION 'staff_governor_takes_two' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    ),
]
