CREATE TABLE `installation` (
	`row` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`since` text NOT NULL
);
--> statement-breakpoint
CREATE TRIGGER installation_no_update BEFORE UPDATE ON installation
BEGIN SELECT RAISE(ABORT, 'an installation stays the one it is'); END;
--> statement-breakpoint
CREATE TRIGGER installation_no_delete BEFORE DELETE ON installation
BEGIN SELECT RAISE(ABORT, 'an installation stays the one it is'); END;
