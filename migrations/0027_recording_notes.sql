CREATE TABLE `recording_notes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`recording_id` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`text` text NOT NULL,
	`author_id` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `recording_notes_by_recording` ON `recording_notes` (`recording_id`,`at_ms`,`id`);
--> statement-breakpoint
CREATE TRIGGER recording_notes_no_update BEFORE UPDATE ON recording_notes
BEGIN SELECT RAISE(ABORT, 'notes at recordings are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER recording_notes_no_delete BEFORE DELETE ON recording_notes
BEGIN SELECT RAISE(ABORT, 'notes at recordings are append-only'); END;
