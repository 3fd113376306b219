CREATE TABLE `supervisions` (
	`id` text PRIMARY KEY NOT NULL,
	`call_id` text NOT NULL,
	`supervisor_id` integer NOT NULL,
	`operator_id` integer NOT NULL,
	`operator_leg` text NOT NULL,
	`mode` text NOT NULL,
	`modes` text NOT NULL,
	`asked_at` text NOT NULL,
	`started_at` text,
	`ended_at` text,
	`end` text
);
--> statement-breakpoint
CREATE INDEX `supervisions_by_call` ON `supervisions` (`call_id`);--> statement-breakpoint
CREATE INDEX `supervisions_open` ON `supervisions` (`ended_at`,`asked_at`);
--> statement-breakpoint
CREATE TRIGGER supervisions_no_delete BEFORE DELETE ON supervisions
BEGIN SELECT RAISE(ABORT, 'who listened to a talk is never deleted'); END;
