CREATE TABLE `co_handlers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`unit_id` text NOT NULL,
	`unit_name` text NOT NULL,
	`slip_number` text NOT NULL,
	`reason` text NOT NULL,
	`added_at` text NOT NULL,
	`added_by` integer NOT NULL,
	`ended_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `co_handlers_once` ON `co_handlers` (`ticket_id`,`unit_id`) WHERE "co_handlers"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `co_handlers_unit` ON `co_handlers` (`unit_id`,`ticket_id`) WHERE "co_handlers"."ended_at" is null;--> statement-breakpoint
CREATE TRIGGER co_handlers_end_once BEFORE UPDATE ON co_handlers
WHEN OLD.ended_at IS NOT NULL OR NEW.ticket_id IS NOT OLD.ticket_id OR NEW.unit_id IS NOT OLD.unit_id OR NEW.slip_number IS NOT OLD.slip_number
BEGIN SELECT RAISE(ABORT, 'co_handlers are written over once, when they end'); END;--> statement-breakpoint
CREATE TRIGGER co_handlers_no_delete BEFORE DELETE ON co_handlers
BEGIN SELECT RAISE(ABORT, 'co_handlers are append-only'); END;
