CREATE TABLE `directory_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` text NOT NULL,
	`actor_id` integer NOT NULL,
	`actor_role` text NOT NULL,
	`effective_on` text NOT NULL,
	`why` text NOT NULL,
	`unit_id` text,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `directory_changes_unit` ON `directory_changes` (`unit_id`,`id`);--> statement-breakpoint
CREATE TABLE `directory_notices` (
	`change_id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `directory_withdrawals` (
	`change_id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_id` integer NOT NULL,
	`why` text NOT NULL
);
--> statement-breakpoint
CREATE TRIGGER directory_changes_no_update BEFORE UPDATE ON directory_changes
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;--> statement-breakpoint
CREATE TRIGGER directory_changes_no_delete BEFORE DELETE ON directory_changes
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;--> statement-breakpoint
CREATE TRIGGER directory_withdrawals_no_update BEFORE UPDATE ON directory_withdrawals
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;--> statement-breakpoint
CREATE TRIGGER directory_withdrawals_no_delete BEFORE DELETE ON directory_withdrawals
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;--> statement-breakpoint
CREATE TRIGGER directory_notices_no_update BEFORE UPDATE ON directory_notices
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;--> statement-breakpoint
CREATE TRIGGER directory_notices_no_delete BEFORE DELETE ON directory_notices
BEGIN SELECT RAISE(ABORT, 'the changes of the directory are append-only'); END;
