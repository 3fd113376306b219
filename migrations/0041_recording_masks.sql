CREATE TABLE `recording_masks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`call_id` text NOT NULL,
	`operator_id` integer NOT NULL,
	`cause` text NOT NULL,
	`from_at` text NOT NULL,
	`until_at` text,
	`end` text
);
--> statement-breakpoint
CREATE INDEX `recording_masks_by_call` ON `recording_masks` (`call_id`,`id`);--> statement-breakpoint
CREATE INDEX `recording_masks_open` ON `recording_masks` (`until_at`,`id`);
--> statement-breakpoint
CREATE TRIGGER recording_masks_no_delete BEFORE DELETE ON recording_masks
BEGIN SELECT RAISE(ABORT, 'what was kept out of a recording is never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER recording_masks_settled BEFORE UPDATE ON recording_masks WHEN OLD.until_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was kept out of a recording is not changed afterwards'); END;
