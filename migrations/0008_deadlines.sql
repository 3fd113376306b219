CREATE TABLE `deadlines` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`kind` text NOT NULL,
	`round` integer NOT NULL,
	`unit_id` text,
	`started_at` text NOT NULL,
	`due_at` text,
	`warn_at` text,
	`warned_at` text,
	`calendar_id` text NOT NULL,
	`calendar_version` text NOT NULL,
	`policy_version` integer NOT NULL,
	`explanation` text NOT NULL,
	`paused_at` text,
	`paused_minutes` integer DEFAULT 0 NOT NULL,
	`satisfied_at` text,
	`voided_at` text,
	`breached_at` text,
	`detected_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deadlines_once` ON `deadlines` (`ticket_id`,`kind`,`round`);--> statement-breakpoint
CREATE INDEX `deadlines_running` ON `deadlines` (`due_at`) WHERE "deadlines"."satisfied_at" is null and "deadlines"."voided_at" is null and "deadlines"."breached_at" is null and "deadlines"."paused_at" is null;--> statement-breakpoint
CREATE INDEX `deadlines_warn` ON `deadlines` (`warn_at`) WHERE "deadlines"."warned_at" is null and "deadlines"."satisfied_at" is null and "deadlines"."voided_at" is null and "deadlines"."breached_at" is null and "deadlines"."paused_at" is null;--> statement-breakpoint
CREATE TRIGGER `deadlines_breach_stays` BEFORE UPDATE OF `breached_at` ON `deadlines`
WHEN OLD.`breached_at` IS NOT NULL AND NEW.`breached_at` IS NOT OLD.`breached_at`
BEGIN SELECT RAISE(ABORT, 'a breach is permanent'); END;--> statement-breakpoint
CREATE TRIGGER `deadlines_stay` BEFORE DELETE ON `deadlines`
BEGIN SELECT RAISE(ABORT, 'deadlines are kept'); END;--> statement-breakpoint
-- Cases that were with a unit before there were rows of clocks: their time goes on as it was promised.
INSERT INTO `deadlines` (`ticket_id`, `kind`, `round`, `unit_id`, `started_at`, `due_at`, `calendar_id`, `calendar_version`, `policy_version`, `explanation`)
SELECT `id`, 'officer', 1, `unit_id`,
  coalesce((SELECT max(`issued_at`) FROM `slips` WHERE `slips`.`ticket_id` = `tickets`.`id`), `updated_at`),
  `due_at`, 'city', '', 0, '08 giờ làm việc'
FROM `tickets` WHERE `state` = 'assigned';
