import type { AuditAction, Role } from '../../accounts/contract.ts'
import type { AuditEntry } from '../../seals/contract.ts'
import { t, tOr, type MessageKey } from '../i18n/translate.ts'

/** In the order people look for them. */
const ACTIONS: Readonly<Record<AuditAction, MessageKey>> = {
  signIn: 'audit.signIn',
  'signIn.failed': 'audit.signIn.failed',
  signOut: 'audit.signOut',
  'password.changed': 'audit.password.changed',
  'password.reset': 'audit.password.reset',
  'person.created': 'audit.person.created',
  'person.updated': 'audit.person.updated',
  'person.linked': 'audit.person.linked',
  'person.roleFollowed': 'audit.person.roleFollowed',
  'case.viewed': 'audit.case.viewed',
  'case.reporterReleased': 'audit.case.reporterReleased',
  'case.reporterCovered': 'audit.case.reporterCovered',
  'number.revealed': 'audit.number.revealed',
  'attachment.downloaded': 'audit.attachment.downloaded',
  'slip.downloaded': 'audit.slip.downloaded',
  'recording.played': 'audit.recording.played',
  'recording.downloaded': 'audit.recording.downloaded',
  'recording.altered': 'audit.recording.altered',
  'recording.restored': 'audit.recording.restored',
  'recording.rechecked': 'audit.recording.rechecked',
  'head.signed': 'audit.head.signed',
  'recording.noted': 'audit.recording.noted',
  'recording.masked': 'audit.recording.masked',
  'recording.unmasked': 'audit.recording.unmasked',
  'recording.originalDropped': 'audit.recording.originalDropped',
  'recording.deleted': 'audit.recording.deleted',
  'deletion.requested': 'audit.deletion.requested',
  'deletion.approved': 'audit.deletion.approved',
  'deletion.refused': 'audit.deletion.refused',
  'deletion.withdrawn': 'audit.deletion.withdrawn',
  'hold.placed': 'audit.hold.placed',
  'hold.lifted': 'audit.hold.lifted',
  'personalData.accessAsked': 'audit.personalData.accessAsked',
  'personalData.erasureAsked': 'audit.personalData.erasureAsked',
  'personalData.downloaded': 'audit.personalData.downloaded',
  'disclosure.requested': 'audit.disclosure.requested',
  'disclosure.approved': 'audit.disclosure.approved',
  'disclosure.refused': 'audit.disclosure.refused',
  'disclosure.revoked': 'audit.disclosure.revoked',
  'disclosure.withdrawn': 'audit.disclosure.withdrawn',
  'presence.forcedPause': 'audit.presence.forcedPause',
  'presence.forcedSignOut': 'audit.presence.forcedSignOut',
  'supervision.started': 'audit.supervision.started',
  'supervision.changed': 'audit.supervision.changed',
  'supervision.ended': 'audit.supervision.ended',
  'dossier.downloaded': 'audit.dossier.downloaded',
  'report.digestSent': 'audit.report.digestSent',
  'directory.changed': 'audit.directory.changed',
  'directory.withdrawn': 'audit.directory.withdrawn',
  'discrepancy.resolved': 'audit.discrepancy.resolved',
  'audit.exported': 'audit.audit.exported',
  databaseRestored: 'audit.databaseRestored',
}

const SUBJECTS: Readonly<Record<string, MessageKey>> = {
  session: 'auditSubject.session',
  person: 'auditSubject.person',
  recording: 'auditSubject.recording',
  call: 'auditSubject.call',
  dossier: 'auditSubject.dossier',
  directoryChange: 'auditSubject.directoryChange',
  period: 'auditSubject.period',
  discrepancy: 'auditSubject.discrepancy',
  database: 'auditSubject.database',
  audit: 'auditSubject.audit',
  subjectRequest: 'auditSubject.subjectRequest',
}

const ROLE_WORDS: Readonly<Record<Role, MessageKey>> = {
  operator: 'role.operator',
  supervisor: 'role.supervisor',
  admin: 'role.admin',
  officer: 'role.officer',
  head: 'role.head',
  cityOffice: 'role.cityOffice',
  auditor: 'role.auditor',
}

/** Actions to choose from. */
export function actionOptions(): { readonly value: string; readonly label: string }[] {
  return Object.entries(ACTIONS).map(([value, key]) => ({ value, label: t(key) }))
}

/** What was done, in a sentence's beginning; an action that the service no longer has keeps its own name. */
export function actionWords({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>): string {
  const facts = readDetail(detail)
  if (action === 'case.viewed' && facts['reporter'] === true) return t('audit.case.viewedReporter')
  const { found } = facts
  if (action === 'recording.rechecked' && typeof found === 'string')
    return tOr(`audit.recording.rechecked.${found}`, 'audit.recording.rechecked')
  const role = roleIn(facts)
  if (role !== null && action === 'person.updated') return t('audit.person.roleChanged', { role })
  if (role !== null && action === 'person.roleFollowed') return t('audit.person.roleFollowedTo', { role })
  if (role !== null && action === 'person.created') return t('audit.person.createdAs', { role })
  return Object.hasOwn(ACTIONS, action) ? t(ACTIONS[action as AuditAction]) : action
}

export function subjectWords({ subject, subjectName }: Pick<AuditEntry, 'subject' | 'subjectName'>): string {
  if (subjectName !== null) return subjectName
  const [kind, id] = splitOnce(subject)
  if (kind === 'ticket') return id
  return Object.hasOwn(SUBJECTS, kind) ? t(SUBJECTS[kind] ?? 'auditSubject.audit', { id }) : subject
}

/** Code of the case a line is about; null for others. */
export function ticketOf(subject: string): string | null {
  return subject.startsWith('ticket:') ? subject.slice('ticket:'.length) : null
}

function splitOnce(subject: string): [string, string] {
  const at = subject.indexOf(':')
  return at < 0 ? [subject, ''] : [subject.slice(0, at), subject.slice(at + 1)]
}

function roleIn({ role }: Readonly<Record<string, unknown>>): string | null {
  return typeof role === 'string' && Object.hasOwn(ROLE_WORDS, role) ? t(ROLE_WORDS[role as Role]) : null
}

function readDetail(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // A line that was tampered with is shown as it stands.
    return {}
  }
}
