CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER call_events_no_update BEFORE UPDATE ON call_events
BEGIN SELECT RAISE(ABORT, 'the events of a call are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER call_events_no_delete BEFORE DELETE ON call_events
BEGIN SELECT RAISE(ABORT, 'the events of a call are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER presence_log_no_update BEFORE UPDATE ON presence_log
BEGIN SELECT RAISE(ABORT, 'the presence log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER presence_log_no_delete BEFORE DELETE ON presence_log
BEGIN SELECT RAISE(ABORT, 'the presence log is append-only'); END;
