CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` text NOT NULL,
	`actor_id` integer,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit` (`subject`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit` (`actor_id`,`id`);--> statement-breakpoint
CREATE TABLE `people` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`active` integer NOT NULL,
	`password_hash` text NOT NULL,
	`must_change_password` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_username_unique` ON `people` (`username`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` integer NOT NULL,
	`token_hash` text NOT NULL,
	`csrf_token` text NOT NULL,
	`created_at` text NOT NULL,
	`last_seen_at` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_hash_unique` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_by_person` ON `sessions` (`person_id`);--> statement-breakpoint
CREATE TABLE `presence` (
	`person_id` integer PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`since` text NOT NULL,
	`wrap_up_ends_at` text,
	`wrap_up_extended` integer NOT NULL,
	`next` text NOT NULL,
	`call_id` text
);
--> statement-breakpoint
CREATE TABLE `presence_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`at` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`note` text
);
--> statement-breakpoint
CREATE INDEX `presence_log_by_person` ON `presence_log` (`person_id`,`at`);--> statement-breakpoint
CREATE TABLE `recordings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`call_id` text NOT NULL,
	`kind` text NOT NULL,
	`base` text NOT NULL,
	`state` text NOT NULL,
	`flags` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`training` integer NOT NULL,
	`file` text,
	`duration_ms` integer,
	`size_bytes` integer,
	`sha256` text,
	`kept` text NOT NULL,
	`settled_at` text,
	`released_at` text,
	`search` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recordings_by_call` ON `recordings` (`call_id`,`kind`);--> statement-breakpoint
CREATE INDEX `recordings_by_start` ON `recordings` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `recordings_by_state` ON `recordings` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `recordings_unreleased` ON `recordings` (`released_at`,`id`);