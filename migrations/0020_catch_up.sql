CREATE TABLE `catch_up_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reason` text NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text,
	`live` integer NOT NULL,
	`ended` integer NOT NULL,
	`rebuilt` integer NOT NULL,
	`failed` integer NOT NULL,
	`recordings` integer NOT NULL,
	`from_at` text,
	`to_at` text
);
--> statement-breakpoint
CREATE INDEX `calls_by_callback` ON `calls` (`callback_e164`) WHERE callback_e164 IS NOT NULL;