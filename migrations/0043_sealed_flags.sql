ALTER TABLE `recording_seals` ADD `training` integer;--> statement-breakpoint
ALTER TABLE `recording_seals` ADD `flags` text;--> statement-breakpoint
CREATE TRIGGER disclosures_as_asked BEFORE UPDATE ON disclosures
WHEN NOT (NEW.id IS OLD.id AND NEW.ticket_code IS OLD.ticket_code AND NEW.recording_id IS OLD.recording_id AND NEW.unit_id IS OLD.unit_id AND NEW.requester_id IS OLD.requester_id AND NEW.requested_at IS OLD.requested_at AND NEW.reason IS OLD.reason AND NEW.asked_mode IS OLD.asked_mode AND NEW.asked_hours IS OLD.asked_hours AND NEW.asked_people IS OLD.asked_people)
BEGIN SELECT RAISE(ABORT, 'what was asked for stays as it was asked'); END;
--> statement-breakpoint
CREATE TRIGGER disclosures_one_step BEFORE UPDATE ON disclosures
WHEN NOT (NEW.revision = OLD.revision + 1
  AND ((OLD.state = 'requested' AND NEW.state IN ('approved', 'refused', 'withdrawn'))
    OR (OLD.state = 'approved' AND NEW.state IN ('revoked', 'withdrawn') AND NEW.mode IS OLD.mode AND NEW.hours IS OLD.hours AND NEW.people IS OLD.people AND NEW.decided_by IS OLD.decided_by AND NEW.decided_at IS OLD.decided_at AND NEW.expires_at IS OLD.expires_at)))
BEGIN SELECT RAISE(ABORT, 'a request for a recording takes one step at a time, and none back'); END;
--> statement-breakpoint
CREATE TRIGGER retention_holds_as_placed BEFORE UPDATE ON retention_holds
WHEN NOT (NEW.id IS OLD.id AND NEW.recording_id IS OLD.recording_id AND NEW.ticket_code IS OLD.ticket_code AND NEW.reason IS OLD.reason AND NEW.set_by IS OLD.set_by AND NEW.set_at IS OLD.set_at)
BEGIN SELECT RAISE(ABORT, 'a hold stays as it was placed'); END;
--> statement-breakpoint
CREATE TRIGGER recording_masks_as_begun BEFORE UPDATE ON recording_masks
WHEN NOT (NEW.id IS OLD.id AND NEW.call_id IS OLD.call_id AND NEW.operator_id IS OLD.operator_id AND NEW.cause IS OLD.cause AND NEW.from_at IS OLD.from_at)
BEGIN SELECT RAISE(ABORT, 'what was kept out of a recording is not changed afterwards'); END;
