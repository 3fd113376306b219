ALTER TABLE `ticket_attachments` ADD `unit_id` text;--> statement-breakpoint
ALTER TABLE `ticket_attachments` ADD `answer_id` integer;--> statement-breakpoint
CREATE TRIGGER ticket_attachments_no_update BEFORE UPDATE ON ticket_attachments
WHEN OLD.unit_id IS NULL OR OLD.answer_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a file of a case or of a given answer never changes'); END;
--> statement-breakpoint
CREATE TRIGGER ticket_attachments_no_delete BEFORE DELETE ON ticket_attachments
WHEN OLD.unit_id IS NULL OR OLD.answer_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a file of a case or of a given answer stays'); END;
