CREATE TABLE `audit_links` (
	`seq` integer PRIMARY KEY NOT NULL,
	`prev_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `recording_seals` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`event` text NOT NULL,
	`recording_id` integer NOT NULL,
	`call_id` text NOT NULL,
	`ticket_code` text,
	`kind` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`settled_at` text,
	`file` text,
	`duration_ms` integer,
	`size_bytes` integer,
	`sha256` text,
	`kept` text NOT NULL,
	`prev_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `recording_seals_by_recording` ON `recording_seals` (`recording_id`,`seq`);
--> statement-breakpoint
CREATE TRIGGER audit_links_no_update BEFORE UPDATE ON audit_links
BEGIN SELECT RAISE(ABORT, 'the chain of the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_links_no_delete BEFORE DELETE ON audit_links
BEGIN SELECT RAISE(ABORT, 'the chain of the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER recording_seals_no_update BEFORE UPDATE ON recording_seals
BEGIN SELECT RAISE(ABORT, 'the chain of recordings is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER recording_seals_no_delete BEFORE DELETE ON recording_seals
BEGIN SELECT RAISE(ABORT, 'the chain of recordings is append-only'); END;
