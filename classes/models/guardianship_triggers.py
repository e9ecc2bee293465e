"""Define the triggers of adults and of connections (PA-2)."""

import pgtrigger

# At the row: a merged record has no connection, and stays under a record that is whole.
MERGED_IS_WHOLE = """
IF NEW.merged_into_id = NEW.id
   OR EXISTS (SELECT 1 FROM classes_contact c WHERE c.id = NEW.merged_into_id AND c.merged_into_id IS NOT NULL)
   OR EXISTS (SELECT 1 FROM classes_contact c WHERE c.merged_into_id = NEW.id)
   OR EXISTS (SELECT 1 FROM classes_guardianship g WHERE g.contact_id = NEW.id AND g.ended_at IS NULL) THEN
    RAISE EXCEPTION 'contact_merged_is_whole' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
OF_A_WHOLE_RECORD = """
PERFORM 1 FROM classes_contact c WHERE c.id = NEW.contact_id FOR KEY SHARE;
IF EXISTS (SELECT 1 FROM classes_contact c WHERE c.id = NEW.contact_id AND c.merged_into_id IS NOT NULL) THEN
    RAISE EXCEPTION 'guardianship_is_of_a_whole_record' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# What the account wrote stays the adult's: marks of restricted access follow them (PA-2).
KEEPS_FORMER_ACCOUNT = """
INSERT INTO classes_formeraccount (contact_id, user_id) VALUES (OLD.id, OLD.user_id) ON CONFLICT DO NOTHING;
RETURN NULL;
"""

CONTACT_TRIGGERS = [
    pgtrigger.Trigger(
        name="contact_merged_is_whole",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=MERGED_IS_WHOLE,
    ),
    pgtrigger.Trigger(
        name="contact_keeps_former_account",
        operation=pgtrigger.UpdateOf("user_id"),
        when=pgtrigger.After,
        condition=pgtrigger.Q(old__user__isnull=False) & pgtrigger.Q(old__user__df=pgtrigger.F("new__user")),
        func=KEEPS_FORMER_ACCOUNT,
    ),
]

GUARDIANSHIP_TRIGGERS = [
    pgtrigger.Trigger(
        name="guardianship_code_approval_is_of_these_facts",
        operation=pgtrigger.UpdateOf("relationship", "parental_responsibility", "court_order", "suggestion"),
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange("relationship", "parental_responsibility", "court_order", "suggestion"),
        func="""
        NEW.code_approved_by_id = NULL;
        NEW.code_approved_at = NULL;
        NEW.code_reason = '';
        RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="guardianship_code_is_approved_by_a_leader",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("code_approved_by_id"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__code_approved_by__isnull=False),
        func="""
        IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.code_approved_by_id AND s.is_slt)
        THEN
            RAISE EXCEPTION 'guardianship_code_is_approved_by_a_leader' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="guardianship_facts_end_codes",
        operation=pgtrigger.UpdateOf("relationship", "parental_responsibility", "court_order", "suggestion"),
        when=pgtrigger.After,
        condition=pgtrigger.AnyChange("relationship", "parental_responsibility", "court_order", "suggestion"),
        func="""
        IF code_needs_approval(NEW.relationship, NEW.parental_responsibility, NEW.court_order,
                               NEW.suggestion) THEN
            UPDATE classes_invitation SET withdrawn_at = school_now()
            WHERE guardianship_id = NEW.id AND used_at IS NULL AND withdrawn_at IS NULL;
        END IF;
        RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="guardianship_is_of_a_whole_record",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("contact_id", "ended_at"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__ended_at__isnull=True),
        func=OF_A_WHOLE_RECORD,
    ),
    pgtrigger.Trigger(
        name="guardianship_approval_is_its_own",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__approval__isnull=False),
        func="""
        IF NOT EXISTS (SELECT 1 FROM classes_slotapproval a WHERE a.id = NEW.approval_id
                       AND a.pupil_id = NEW.pupil_id AND a.contact_id = NEW.contact_id) THEN
            RAISE EXCEPTION 'guardianship_approval_is_its_own' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    ),
]
