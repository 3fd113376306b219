CREATE TABLE `officer_handovers` (
	`change_id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`cases` integer NOT NULL,
	`late` integer NOT NULL
);
--> statement-breakpoint
-- What came into force before there was this message was told by other ways, or long ago.
INSERT INTO `officer_handovers` (`change_id`, `at`, `cases`, `late`) SELECT `id`, `at`, 0, 0 FROM `directory_changes` WHERE `effective_on` <= date('now', '+7 hours');
