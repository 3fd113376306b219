CREATE TABLE `deletion_requests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`revision` integer NOT NULL,
	`state` text NOT NULL,
	`recording_id` integer NOT NULL,
	`cause` text NOT NULL,
	`subject_request_id` integer,
	`reason` text NOT NULL,
	`asked_by` integer NOT NULL,
	`asked_at` text NOT NULL,
	`decided_by` integer,
	`decided_at` text,
	`end_reason` text
);
--> statement-breakpoint
CREATE INDEX `deletion_requests_by_recording` ON `deletion_requests` (`recording_id`,`id`);--> statement-breakpoint
CREATE INDEX `deletion_requests_by_state` ON `deletion_requests` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `recording_deletions` (
	`recording_id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`cause` text NOT NULL,
	`days` integer,
	`basis` text,
	`request_id` integer,
	`due_at` text NOT NULL,
	`announced_at` text NOT NULL,
	`checked_at` text NOT NULL,
	`deleted_at` text,
	`files` text,
	`removed_at` text
);
--> statement-breakpoint
CREATE INDEX `recording_deletions_next` ON `recording_deletions` (`due_at`,`recording_id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `recording_deletions_unfinished` ON `recording_deletions` (`recording_id`) WHERE deleted_at IS NOT NULL AND removed_at IS NULL;--> statement-breakpoint
CREATE INDEX `recording_deletions_done` ON `recording_deletions` (`deleted_at`,`recording_id`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `retention_holds` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`recording_id` integer,
	`ticket_code` text,
	`reason` text NOT NULL,
	`set_by` integer NOT NULL,
	`set_at` text NOT NULL,
	`lifted_by` integer,
	`lifted_at` text,
	`lift_reason` text
);
--> statement-breakpoint
CREATE INDEX `retention_holds_recording` ON `retention_holds` (`recording_id`) WHERE lifted_at IS NULL;--> statement-breakpoint
CREATE INDEX `retention_holds_ticket` ON `retention_holds` (`ticket_code`) WHERE lifted_at IS NULL;--> statement-breakpoint
CREATE TABLE `retention_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` text NOT NULL,
	`announced` integer NOT NULL,
	`deleted` integer NOT NULL,
	`blocked` text NOT NULL,
	`failed` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `recordings_kept` ON `recordings` (`training`,`kind`,`started_at`,`id`) WHERE state <> 'deleted';
--> statement-breakpoint
CREATE TRIGGER recording_deletions_no_update BEFORE UPDATE ON recording_deletions WHEN OLD.removed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was deleted stays written'); END;
--> statement-breakpoint
CREATE TRIGGER recording_deletions_no_delete BEFORE DELETE ON recording_deletions WHEN OLD.deleted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was deleted stays written'); END;
--> statement-breakpoint
CREATE TRIGGER retention_holds_no_update BEFORE UPDATE ON retention_holds WHEN OLD.lifted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'who held what and why stays written'); END;
--> statement-breakpoint
CREATE TRIGGER retention_holds_no_delete BEFORE DELETE ON retention_holds
BEGIN SELECT RAISE(ABORT, 'who held what and why stays written'); END;
--> statement-breakpoint
CREATE TRIGGER deletion_requests_no_delete BEFORE DELETE ON deletion_requests
BEGIN SELECT RAISE(ABORT, 'requests to delete are never deleted'); END;
