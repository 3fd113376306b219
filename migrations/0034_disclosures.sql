CREATE TABLE `disclosure_uses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`disclosure_id` integer NOT NULL,
	`person_id` integer NOT NULL,
	`at` text NOT NULL,
	`what` text NOT NULL,
	`from_ms` integer,
	`package_sha256` text
);
--> statement-breakpoint
CREATE INDEX `disclosure_uses_by_disclosure` ON `disclosure_uses` (`disclosure_id`,`id`);--> statement-breakpoint
CREATE TABLE `disclosures` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`revision` integer NOT NULL,
	`state` text NOT NULL,
	`ticket_code` text NOT NULL,
	`recording_id` integer NOT NULL,
	`unit_id` text NOT NULL,
	`requester_id` integer NOT NULL,
	`requested_at` text NOT NULL,
	`reason` text NOT NULL,
	`asked_mode` text NOT NULL,
	`asked_hours` integer NOT NULL,
	`asked_people` text NOT NULL,
	`mode` text,
	`hours` integer,
	`people` text,
	`decided_by` integer,
	`decided_at` text,
	`expires_at` text,
	`ended_by` integer,
	`ended_at` text,
	`end_reason` text
);
--> statement-breakpoint
CREATE INDEX `disclosures_by_ticket` ON `disclosures` (`ticket_code`,`id`);--> statement-breakpoint
CREATE INDEX `disclosures_by_recording` ON `disclosures` (`recording_id`,`id`);--> statement-breakpoint
CREATE INDEX `disclosures_by_state` ON `disclosures` (`state`,`id`);
--> statement-breakpoint
CREATE TRIGGER disclosures_no_delete BEFORE DELETE ON disclosures
BEGIN SELECT RAISE(ABORT, 'requests for recordings are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER disclosure_uses_no_update BEFORE UPDATE ON disclosure_uses
BEGIN SELECT RAISE(ABORT, 'what was heard and taken away is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER disclosure_uses_no_delete BEFORE DELETE ON disclosure_uses
BEGIN SELECT RAISE(ABORT, 'what was heard and taken away is append-only'); END;
