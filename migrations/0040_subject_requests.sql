CREATE TABLE `subject_requests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`number_e164` text NOT NULL,
	`identity` text NOT NULL,
	`made_by` integer NOT NULL,
	`made_at` text NOT NULL,
	`outcome` text NOT NULL
);

--> statement-breakpoint
CREATE TRIGGER subject_requests_no_update BEFORE UPDATE ON subject_requests
BEGIN SELECT RAISE(ABORT, 'what citizens asked stays written'); END;
--> statement-breakpoint
CREATE TRIGGER subject_requests_no_delete BEFORE DELETE ON subject_requests
BEGIN SELECT RAISE(ABORT, 'what citizens asked stays written'); END;
