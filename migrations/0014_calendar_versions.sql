CREATE TABLE `calendar_versions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`city` text NOT NULL,
	`calendar_id` text NOT NULL,
	`number` integer NOT NULL,
	`origin` text NOT NULL,
	`content` text NOT NULL,
	`hash` text NOT NULL,
	`reason` text NOT NULL,
	`actor_id` integer,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendar_versions_once` ON `calendar_versions` (`city`,`calendar_id`,`number`);--> statement-breakpoint
ALTER TABLE `deadlines` ADD `pauses` text;--> statement-breakpoint
ALTER TABLE `deadlines` ADD `chosen_at` text;--> statement-breakpoint
CREATE INDEX `deadlines_calendar` ON `deadlines` (`calendar_id`,`policy_version`,`id`,`calendar_version`) WHERE "deadlines"."satisfied_at" is null and "deadlines"."voided_at" is null and "deadlines"."breached_at" is null;--> statement-breakpoint
-- Clocks that never stood still have nothing to be known about it.
UPDATE `deadlines` SET `pauses` = '[]' WHERE `paused_minutes` = 0;--> statement-breakpoint
UPDATE `deadlines` SET `chosen_at` = `due_at` WHERE `kind` = 'promise';--> statement-breakpoint
CREATE TRIGGER `calendar_versions_no_update` BEFORE UPDATE ON `calendar_versions`
BEGIN SELECT RAISE(ABORT, 'versions of a calendar are append-only'); END;--> statement-breakpoint
CREATE TRIGGER `calendar_versions_no_delete` BEFORE DELETE ON `calendar_versions`
BEGIN SELECT RAISE(ABORT, 'versions of a calendar are append-only'); END;
