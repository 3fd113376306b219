CREATE TABLE `call_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`call_id` text NOT NULL,
	`at` text NOT NULL,
	`type` text NOT NULL,
	`operator_id` integer
);
--> statement-breakpoint
CREATE INDEX `call_events_by_call` ON `call_events` (`call_id`,`id`);--> statement-breakpoint
CREATE TABLE `calls` (
	`id` text PRIMARY KEY NOT NULL,
	`direction` text NOT NULL,
	`state` text NOT NULL,
	`outcome` text,
	`number_raw` text NOT NULL,
	`number_e164` text,
	`number_display` text NOT NULL,
	`number_kind` text NOT NULL,
	`caller_name` text,
	`line` text NOT NULL,
	`training` integer NOT NULL,
	`notice_version` text,
	`recording` text,
	`voicemail_recording` text,
	`callback_at` text,
	`operator_id` integer,
	`ticket_id` integer,
	`ticket_code` text,
	`started_at` text NOT NULL,
	`queued_at` text,
	`answered_at` text,
	`ended_at` text,
	`ended_by` text,
	`missed_done_at` text,
	`missed_done_by` integer
);
--> statement-breakpoint
CREATE INDEX `calls_by_number` ON `calls` (`number_e164`,`started_at`);--> statement-breakpoint
CREATE INDEX `calls_by_start` ON `calls` (`started_at`);--> statement-breakpoint
CREATE INDEX `calls_open` ON `calls` (`state`,`started_at`);--> statement-breakpoint
CREATE INDEX `calls_by_ticket` ON `calls` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `calls_missed` ON `calls` (`outcome`,`missed_done_at`,`started_at`);--> statement-breakpoint
CREATE TABLE `handset_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reference` text NOT NULL,
	`phone` text NOT NULL,
	`text` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `handset_messages_reference` ON `handset_messages` (`reference`);--> statement-breakpoint
CREATE INDEX `handset_messages_phone` ON `handset_messages` (`phone`,`id`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`template` text NOT NULL,
	`to_number` text NOT NULL,
	`to_name` text,
	`text` text NOT NULL,
	`text_vi` text NOT NULL,
	`segments` integer NOT NULL,
	`state` text NOT NULL,
	`provider` text NOT NULL,
	`sid` text,
	`carrier_status` text,
	`error_code` text,
	`ticket_code` text,
	`training` integer DEFAULT false NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` text,
	`handed_at` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_sid` ON `outbox` (`sid`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`next_at`);--> statement-breakpoint
CREATE INDEX `outbox_ticket` ON `outbox` (`ticket_code`);--> statement-breakpoint
CREATE TABLE `sms_receipts` (
	`sid` text NOT NULL,
	`status` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`sid`, `status`)
);
--> statement-breakpoint
CREATE TABLE `sequences` (
	`name` text PRIMARY KEY NOT NULL,
	`last` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `slip_openings` (
	`slip_id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `slips` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`number` text NOT NULL,
	`version` integer NOT NULL,
	`token` text NOT NULL,
	`unit_id` text NOT NULL,
	`unit_name` text NOT NULL,
	`body` text NOT NULL,
	`issued_at` text NOT NULL,
	`due_at` text,
	`operator_id` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slips_token` ON `slips` (`token`);--> statement-breakpoint
CREATE UNIQUE INDEX `slips_number` ON `slips` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `slips_ticket` ON `slips` (`ticket_id`,`version`);--> statement-breakpoint
CREATE TABLE `ticket_attachments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`name` text NOT NULL,
	`media_type` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`file` text NOT NULL,
	`at` text NOT NULL,
	`actor_id` integer
);
--> statement-breakpoint
CREATE INDEX `ticket_attachments_ticket` ON `ticket_attachments` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `ticket_calls` (
	`call_id` text PRIMARY KEY NOT NULL,
	`ticket_id` integer NOT NULL,
	`relation` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ticket_calls_ticket` ON `ticket_calls` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `ticket_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`at` text NOT NULL,
	`type` text NOT NULL,
	`actor_id` integer,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ticket_events_ticket` ON `ticket_events` (`ticket_id`,`id`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`code` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`state` text NOT NULL,
	`channel` text NOT NULL,
	`training` integer DEFAULT false NOT NULL,
	`kind` text,
	`category_id` text,
	`field_id` text,
	`title` text DEFAULT '' NOT NULL,
	`content` text DEFAULT '' NOT NULL,
	`place` text DEFAULT '' NOT NULL,
	`area_id` text,
	`urgent` integer DEFAULT false NOT NULL,
	`confidential` integer DEFAULT false NOT NULL,
	`reporter_type` text DEFAULT 'individual' NOT NULL,
	`reporter_name` text DEFAULT '' NOT NULL,
	`reporter_organisation` text,
	`reporter_phone` text,
	`reporter_email` text,
	`reporter_address` text,
	`phone_e164` text,
	`phone_display` text DEFAULT '' NOT NULL,
	`caller_e164` text,
	`answer` text,
	`answer_source` text,
	`operator_id` integer,
	`unit_id` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`received_at` text,
	`due_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_code` ON `tickets` (`code`);--> statement-breakpoint
CREATE INDEX `tickets_phone` ON `tickets` (`phone_e164`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_caller` ON `tickets` (`caller_e164`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_list` ON `tickets` (`training`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_training` ON `tickets` (`training`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_operator` ON `tickets` (`operator_id`,`training`,`id`);