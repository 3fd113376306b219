CREATE TABLE `discrepancies` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`since` text NOT NULL,
	`found_at` text NOT NULL,
	`last_seen_at` text NOT NULL,
	`ticket_code` text,
	`count` integer NOT NULL,
	`state` text NOT NULL,
	`resolved_at` text,
	`resolved_by` integer,
	`words` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `discrepancies_once` ON `discrepancies` (`kind`,`subject`);--> statement-breakpoint
CREATE INDEX `discrepancies_by_state` ON `discrepancies` (`state`,`since`);--> statement-breakpoint
CREATE TABLE `reconcile_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text NOT NULL,
	`from_at` text NOT NULL,
	`to_at` text NOT NULL,
	`journal` text NOT NULL,
	`queue_log` text NOT NULL,
	`recordings` text NOT NULL,
	`calls` integer NOT NULL,
	`found` integer NOT NULL,
	`settled` integer NOT NULL,
	`queue_log_file` text,
	`queue_log_bytes` integer NOT NULL
);
--> statement-breakpoint
CREATE TRIGGER `discrepancies_kept` BEFORE DELETE ON `discrepancies`
BEGIN SELECT RAISE(ABORT, 'what did not match is kept'); END;
--> statement-breakpoint
CREATE TRIGGER `discrepancies_resolved` BEFORE UPDATE OF state, words, resolved_at, resolved_by, kind, subject ON `discrepancies`
WHEN OLD.state = 'resolved'
BEGIN SELECT RAISE(ABORT, 'what a person resolved stays as they wrote it'); END;
