CREATE TABLE `due_news` (
	`deadline_id` integer NOT NULL,
	`to_number` text NOT NULL,
	`to_name` text,
	`ticket_id` integer NOT NULL,
	`named` text,
	`version` integer NOT NULL,
	PRIMARY KEY(`deadline_id`, `to_number`)
);
--> statement-breakpoint
CREATE INDEX `due_news_to` ON `due_news` (`to_number`,`deadline_id`);--> statement-breakpoint
-- Its name from now on; a message that waits is still known by it.
UPDATE `outbox` SET `template` = 'dueMoved' WHERE `template` = 'dueEarlier';
