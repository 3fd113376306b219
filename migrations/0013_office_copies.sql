CREATE TABLE `office_copies` (
	`slip_id` integer PRIMARY KEY NOT NULL,
	`ticket_id` integer NOT NULL,
	`since` text NOT NULL,
	`seen_by` integer,
	`seen_at` text
);
--> statement-breakpoint
CREATE INDEX `office_copies_ticket` ON `office_copies` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `office_copies_unseen` ON `office_copies` (`ticket_id`) WHERE "office_copies"."seen_at" is null;--> statement-breakpoint
INSERT INTO office_copies (slip_id, ticket_id, since) SELECT id, ticket_id, issued_at FROM slips;--> statement-breakpoint
CREATE TRIGGER office_copies_seen_once BEFORE UPDATE ON office_copies
WHEN OLD.seen_at IS NOT NULL OR NEW.slip_id IS NOT OLD.slip_id OR NEW.ticket_id IS NOT OLD.ticket_id OR NEW.since IS NOT OLD.since
BEGIN SELECT RAISE(ABORT, 'office_copies are written over once, when they are seen'); END;--> statement-breakpoint
CREATE TRIGGER office_copies_no_delete BEFORE DELETE ON office_copies
BEGIN SELECT RAISE(ABORT, 'office_copies are append-only'); END;
