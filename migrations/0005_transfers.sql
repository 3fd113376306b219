CREATE TABLE `transfer_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`transfer_id` text NOT NULL,
	`at` text NOT NULL,
	`event` text NOT NULL,
	`state` text NOT NULL,
	`actor_id` integer
);
--> statement-breakpoint
CREATE INDEX `transfer_events_by_transfer` ON `transfer_events` (`transfer_id`,`id`);--> statement-breakpoint
CREATE TABLE `transfers` (
	`id` text PRIMARY KEY NOT NULL,
	`call_id` text NOT NULL,
	`ticket_code` text,
	`operator_id` integer NOT NULL,
	`mode` text NOT NULL,
	`state` text NOT NULL,
	`citizen_channel` text NOT NULL,
	`operator_leg` text NOT NULL,
	`operator_channel` text NOT NULL,
	`training` integer NOT NULL,
	`attempts` text NOT NULL,
	`current` integer NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text
);
--> statement-breakpoint
CREATE INDEX `transfers_by_call` ON `transfers` (`call_id`);--> statement-breakpoint
CREATE INDEX `transfers_open` ON `transfers` (`ended_at`,`started_at`);--> statement-breakpoint
CREATE TRIGGER transfer_events_no_update BEFORE UPDATE ON transfer_events
BEGIN SELECT RAISE(ABORT, 'the events of a transfer are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER transfer_events_no_delete BEFORE DELETE ON transfer_events
BEGIN SELECT RAISE(ABORT, 'the events of a transfer are append-only'); END;
