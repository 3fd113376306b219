import type { Role } from '../../src/accounts/contract.ts'
import type { PlantedCase } from '../support/planted-cases.ts'

/*
 * Who may ask what of whose case, written by hand from the rules and not read from the code that is tested. What is not in it is denied.
 *
 * One letter for each planted case, in this order: own (the operator's own and with the own unit), another's and another unit's, the
 * same two confidential, one that is with no unit (planted-cases.ts).
 *
 *   A  let through; all of the case may be in the answer
 *   M  let through, without who reported it (A15)
 *   m  let through, with nothing of the case but that it exists
 *   k  refused: they may know that it exists
 *   g  let through, and gone: whoever was asked before took it away
 *   x  refused, and in the very words for one that never was
 */
type Letters = string

export interface Rule {
  /** Article or requirement it comes from. */
  readonly why: string
  /** What stands in the address for a planted case, null where that has no such thing; without one, what never was. */
  readonly at: (one: PlantedCase | undefined) => Readonly<Record<string, string>> | null
  readonly query?: string
  /** Drawing it takes long: of what somebody is let through to, one of each letter is asked for. */
  readonly isDrawn?: true
  /** What is sent: right in its form, and of a version that is gone, so that whoever is let through changes as little as may be. */
  readonly body?: (one: PlantedCase | undefined) => object
  readonly who: Readonly<Partial<Record<Role | 'nobody', Letters>>>
}

const NEVER = '999999'
const id =
  (of: (one: PlantedCase) => number | null, more: Readonly<Record<string, string>> = {}) =>
  (one: PlantedCase | undefined) => {
    const found = one === undefined ? NEVER : of(one)
    return found === null ? null : { id: String(found), ...more }
  }
const codeOf = (one: PlantedCase | undefined): string => one?.code ?? 'HP26-999999'
const code = (one: PlantedCase | undefined) => ({ code: codeOf(one) })
const ofCode =
  (of: (one: PlantedCase) => Readonly<Record<string, string>> | null, never: object) =>
  (one: PlantedCase | undefined) => {
    const found = one === undefined ? never : of(one)
    return found === null ? null : { ...code(one), ...found }
  }
const callOf = (of: (one: PlantedCase) => string) => (one: PlantedCase | undefined) => ({
  callId: one === undefined ? 'never-1.1' : of(one),
})
const slip = (extension: string) => (one: PlantedCase | undefined) => {
  const path = one === undefined ? '/p/aaaaaaaaaaaa' : one.slipPath
  return path === null ? null : { name: `${path.slice(3)}${extension}` }
}

const GONE = { version: 999_999 }
const REASON = { reason: 'Thử xem có được phép không' }
const REVISION = { revision: 999 }

/** The desk changes what it sees the whole of (Đ8, Đ9.3; Đ12.1 for what is confidential). */
const DESK = { operator: 'AAAkA', supervisor: 'AAAAA' }
/** A unit acts on what is with it (Đ9.3); whatever is with another one is none for it (Đ12.2). */
const UNIT = { officer: 'AxMxx', head: 'AxMxx' }
/** The City Office has a copy of all that was forwarded (Đ9.2, Đ14.1), and learns who reported it only while it leads (A15). */
const OFFICE = { cityOffice: 'MMMMx' }
/** A recording: the operator's own calls; supervisors and admins all, but a confidential voice only supervisors (Đ12.1, A15). */
const HEARD = { operator: 'AkAkA', supervisor: 'AAAAA', admin: 'AAkkA' }
/** Who decides how long recordings stay sees no more than which they are (Đ10.1, Law 91/2025). */
const KEEPERS = { supervisor: 'mmmmm', admin: 'mmmmm' }
/** Named people of the unit, while the unit may know who reported it (R060; A15). The head was not named. */
const NAMED = { officer: 'Axxxx' }
/** A dossier names nobody who reported (Đ9.6, Đ12.1); what is confidential and another's is not opened. */
const PAPERS = { operator: 'MMMmM', supervisor: 'MMMMM', admin: 'MMmmM', cityOffice: 'MMMMM' }
const COMPILERS = { operator: 'mmmmm', supervisor: 'mmmmm' }

/** Operators mai and tuan stand for own and another's. */
const OPERATOR = id((one) => (one.unitId === null || one.name.endsWith('Secret') ? null : one.operatorId))
const PAUSE = () => ({ reason: 'break', words: 'Nghỉ một lát' })
const WORDS = () => ({ words: 'Hết ca rồi' })
const LISTEN = () => ({ mode: 'listen' })
/** The city has one; it is nobody's own. */
const CALENDAR = (one: PlantedCase | undefined) =>
  one === undefined || one.name === 'own' ? { id: one === undefined ? 'never' : 'city', number: '1' } : null
const TABLE = () => ({ base: 999, table: {} })

export const OBJECT_RULES: Readonly<Record<string, readonly Rule[]>> = {
  'GET /api/tickets/:code': [
    {
      why: 'Đ7.3, Đ12.1, Đ12.2, A15',
      at: code,
      who: { operator: 'AAAmA', supervisor: 'AAAAA', admin: 'AAmmA', ...UNIT, ...OFFICE },
    },
  ],
  'PATCH /api/tickets/:code': [{ why: 'Đ12.1', at: code, body: () => ({ ...GONE, form: {} }), who: DESK }],
  'POST /api/tickets/:code/receive': [{ why: 'Đ8.1, Đ12.1', at: code, body: () => GONE, who: DESK }],
  'POST /api/tickets/:code/answer': [
    { why: 'Đ9.1, Đ12.1', at: code, body: () => ({ ...GONE, answer: 'Đã rõ', source: '' }), who: DESK },
  ],
  'POST /api/tickets/:code/slips': [
    {
      why: 'Đ9.3, Đ12.1',
      at: code,
      body: () => ({ ...GONE, unitId: 'chieu-sang', note: '', override: { reason: 'agreed', text: 'thử' } }),
      who: DESK,
    },
  ],
  'POST /api/tickets/:code/moves': [
    {
      why: 'Đ9.3, Đ12.1, Đ14.1',
      at: code,
      body: () => ({ ...GONE, action: 'accept' }),
      who: { ...DESK, ...UNIT, ...OFFICE },
    },
  ],
  'POST /api/tickets/:code/notes': [
    {
      why: 'R059, Đ12.1, Đ12.2',
      at: code,
      body: () => ({ text: 'Đã gọi lại' }),
      who: { ...DESK, ...UNIT, ...OFFICE },
    },
  ],
  'POST /api/tickets/:code/attachments': [{ why: 'R038, Đ12.1', at: code, who: DESK }],
  'GET /api/tickets/:code/attachments/:id': [
    {
      why: 'R038, Đ12.1, A15',
      at: ofCode((one) => ({ id: String(one.attachmentId) }), { id: NEVER }),
      who: { operator: 'AAAkA', supervisor: 'AAAAA', admin: 'AAkkA', ...UNIT, ...OFFICE },
    },
  ],
  'POST /api/tickets/:code/answer-files': [{ why: 'Đ9.3', at: code, who: { ...UNIT, ...OFFICE } }],
  'DELETE /api/tickets/:code/answer-files/:id': [
    {
      why: 'Đ9.3',
      at: ofCode(({ answerFileId }) => (answerFileId === null ? null : { id: String(answerFileId) }), {
        id: NEVER,
      }),
      who: { officer: 'AxMxx', head: 'gxgxx', cityOffice: 'kkkkx' },
    },
  ],
  'GET /api/tickets/:code/slips/:file': [
    {
      isDrawn: true,
      why: 'Đ9.3, Đ12.1, A15',
      at: ofCode(({ slipPath }) => (slipPath === null ? null : { file: '1.pdf' }), { file: '1.pdf' }),
      who: { operator: 'AAAkA', supervisor: 'AAAAA', admin: 'AAkkA', ...UNIT, ...OFFICE },
    },
  ],
  'GET /p/:name': [
    {
      why: 'Đ12.1: whoever has the link of the SMS reads what it is about',
      at: slip(''),
      who: {
        nobody: 'MMMMM',
        operator: 'AAAMM',
        supervisor: 'AAAAM',
        admin: 'AAMMM',
        officer: 'AMMMM',
        head: 'AMMMM',
        cityOffice: 'MMMMM',
        auditor: 'MMMMM',
      },
    },
    {
      isDrawn: true,
      why: 'Đ12.1: the paper is for who may have the case',
      at: slip('.pdf'),
      who: {
        operator: 'AAAkx',
        supervisor: 'AAAAx',
        admin: 'AAkkx',
        officer: 'AkMkx',
        head: 'AkMkx',
        cityOffice: 'MMMMx',
        auditor: 'kkkkx',
        nobody: 'kkkkx',
      },
    },
  ],
  'POST /api/tickets/:code/co-handlers': [
    {
      why: 'Đ9.5a',
      at: code,
      body: () => ({ ...GONE, unitId: 'dien-luc', ...REASON }),
      who: { ...DESK, ...OFFICE },
    },
  ],
  'POST /api/tickets/:code/co-handlers/:unitId/removal': [
    {
      why: 'Đ9.5a',
      at: ofCode(() => ({ unitId: 'dien-luc' }), { unitId: 'dien-luc' }),
      body: () => ({ ...GONE, ...REASON }),
      who: { ...DESK, ...OFFICE },
    },
  ],
  'POST /api/tickets/:code/contributions': [
    { why: 'Đ9.5a', at: code, body: () => ({ text: 'Đã kiểm tra cột đèn' }), who: UNIT },
  ],
  'POST /api/tickets/:code/disagreement': [
    { why: 'Đ9.5a', at: code, body: () => ({ ...GONE, position: 'Không thống nhất' }), who: UNIT },
  ],
  'GET /api/tickets/:code/transfers': [
    { why: 'Đ9.1, Đ12.1', at: code, who: { operator: 'AAAmA', supervisor: 'AAAAA', admin: 'AAmmA' } },
  ],
  'GET /api/tickets/:code/disclosures': [
    { why: 'R060, A15', at: code, who: { officer: 'Axxxx', head: 'Axxxx' } },
  ],
  'POST /api/tickets/:code/disclosures': [
    {
      why: 'R060, A15',
      at: code,
      body: (one) => ({
        recordingId: one?.recordingId ?? 999_999,
        ...REASON,
        personIds: [999_999],
        mode: 'play',
        hours: 1,
      }),
      who: { officer: 'Axxxx', head: 'Axxxx' },
    },
  ],
  'GET /api/calls/:callId': [
    {
      why: 'Đ12.2: an operator’s own calls; Đ12.1, A15: no number of whom they may not know',
      at: callOf((one) => one.callId),
      who: { operator: 'AxAxA', supervisor: 'AAAAA', admin: 'AAmmA' },
    },
    {
      why: 'R020: and those that nobody took',
      at: callOf((one) => one.missedCallId),
      who: { operator: 'AAAmA', supervisor: 'AAAAA', admin: 'AAmmA' },
    },
  ],
  'POST /api/calls/:callId/number': [
    {
      why: 'R068: asked for, and written down; Đ12.1, A15: of whom they may know',
      at: callOf((one) => one.callId),
      who: { supervisor: 'AAAAA', admin: 'AAkkA' },
    },
    {
      why: 'R068, R020: and of those that nobody took',
      at: callOf((one) => one.missedCallId),
      who: { supervisor: 'AAAAA', admin: 'AAkkA' },
    },
  ],
  'PUT /api/calls/:callId/mask': [
    {
      why: 'R068: in the own talk alone, and none of these runs',
      at: callOf((one) => one.callId),
      body: () => ({ masked: true, cause: 'button' }),
      who: {},
    },
  ],
  'POST /api/missed/:callId/done': [
    { why: 'R020', at: callOf((one) => one.missedCallId), who: { operator: 'AAAkA', supervisor: 'AAAAA' } },
  ],
  'GET /api/recordings/:id': [{ why: 'R068, Đ12.1', at: id((one) => one.recordingId), who: HEARD }],
  'GET /api/recordings/:id/audio': [{ why: 'R068, Đ12.1', at: id((one) => one.recordingId), who: HEARD }],
  'GET /api/recordings/:id/waveform': [{ why: 'R068, Đ12.1', at: id((one) => one.recordingId), who: HEARD }],
  'GET /api/recordings/:id/track': [{ why: 'R068, Đ12.1', at: id((one) => one.recordingId), who: HEARD }],
  'POST /api/recordings/:id/notes': [
    {
      why: 'R068, Đ12.1',
      at: id((one) => one.recordingId),
      body: () => ({ atMs: 1, text: 'Nghe rõ' }),
      who: HEARD,
    },
  ],
  'POST /api/recordings/:id/recheck': [
    {
      why: 'R060, Đ12.1',
      at: id((one) => one.recordingId),
      who: { supervisor: HEARD.supervisor, admin: HEARD.admin },
    },
  ],
  'POST /api/recordings/:id/deletion': [
    { why: 'Đ10.1', at: id((one) => one.recordingId), body: () => REASON, who: KEEPERS },
  ],
  'GET /api/recordings/:id/disclosures': [
    { why: 'R060', at: id((one) => one.recordingId), who: { supervisor: 'AAAAA' } },
  ],
  'POST /api/disclosures/:id/approve': [
    {
      why: 'R060',
      at: id((one) => one.disclosureId),
      body: () => ({ ...REVISION, personIds: [1], mode: 'play', hours: 1 }),
      who: { supervisor: 'AAAAA' },
    },
  ],
  'POST /api/disclosures/:id/refuse': [
    {
      why: 'R060',
      at: id((one) => one.disclosureId),
      body: () => ({ ...REVISION, ...REASON }),
      who: { supervisor: 'AAAAA' },
    },
  ],
  'POST /api/disclosures/:id/revoke': [
    {
      why: 'R060',
      at: id((one) => one.disclosureId),
      body: () => ({ ...REVISION, ...REASON }),
      who: { supervisor: 'AAAAA' },
    },
  ],
  'POST /api/disclosures/:id/withdraw': [
    {
      why: 'R060: by who asked; the head did not',
      at: id((one) => one.disclosureId),
      body: () => REVISION,
      who: { officer: 'AxMxx' },
    },
  ],
  'GET /api/disclosures/:id/audio': [{ why: 'R060, A15', at: id((one) => one.disclosureId), who: NAMED }],
  'GET /api/disclosures/:id/waveform': [{ why: 'R060, A15', at: id((one) => one.disclosureId), who: NAMED }],
  'GET /api/disclosures/:id/track': [{ why: 'R060, A15', at: id((one) => one.disclosureId), who: NAMED }],
  'GET /api/disclosures/:id/package': [{ why: 'R060, A15', at: id((one) => one.disclosureId), who: NAMED }],
  'POST /api/transfers/:id/commands': [
    {
      why: 'Đ9.1: who is in the talk',
      at: (one) => ({ id: one?.transferId ?? 'planted9' }),
      body: () => ({ command: 'cancel', state: 'consult', current: 0 }),
      who: { operator: 'AxAxA' },
    },
  ],
  'POST /api/retention/holds/:id/lift': [
    { why: 'Đ10.1', at: id((one) => one.holdId), body: () => REASON, who: KEEPERS },
  ],
  'POST /api/deletions/:id/approve': [
    { why: 'Đ10.1', at: id((one) => one.deletionId), body: () => REVISION, who: KEEPERS },
  ],
  'POST /api/deletions/:id/refuse': [
    { why: 'Đ10.1', at: id((one) => one.deletionId), body: () => ({ ...REVISION, ...REASON }), who: KEEPERS },
  ],
  'POST /api/deletions/:id/withdraw': [
    { why: 'Đ10.1', at: id((one) => one.deletionId), body: () => REVISION, who: KEEPERS },
  ],
  'GET /api/personal-data/:id/file': [
    {
      isDrawn: true,
      why: 'Law 91/2025 Article 4; Đ12.1, A15: all of it, so by whoever reads every case, and an admin does not',
      at: id((one) => one.subjectRequestId),
      who: { supervisor: 'AAAAA' },
    },
  ],
  'POST /api/discrepancies/:id/resolve': [
    {
      why: 'Đ10.1',
      at: id((one) => one.discrepancyId),
      body: () => ({ words: 'Đã xem lại' }),
      who: { supervisor: 'mmmmm', admin: 'mmmmm' },
    },
  ],
  'PUT /api/dossier/:id': [
    {
      why: 'Đ9.6',
      at: id((one) => one.listedId),
      body: () => ({ removed: true, why: 'Không khẩn' }),
      who: { supervisor: 'MMMMM' },
    },
  ],
  'GET /api/dossiers/:id': [{ why: 'Đ9.6, Đ12.1', at: id((one) => one.dossierId), who: PAPERS }],
  'PATCH /api/dossiers/:id': [
    {
      why: 'Đ9.6',
      at: id((one) => one.dossierId),
      body: () => ({ ...REVISION, cover: null }),
      who: COMPILERS,
    },
  ],
  'POST /api/dossiers/:id/take-out': [
    {
      why: 'Đ9.6',
      at: id((one) => one.dossierId),
      body: (one) => ({ ...REVISION, itemId: one?.listedId ?? 1, why: 'Không khẩn' }),
      who: COMPILERS,
    },
  ],
  'POST /api/dossiers/:id/undo': [
    { why: 'Đ9.6', at: id((one) => one.dossierId), body: () => REVISION, who: COMPILERS },
  ],
  'POST /api/dossiers/:id/recompile': [
    { why: 'Đ9.6', at: id((one) => one.dossierId), body: () => REVISION, who: COMPILERS },
  ],
  'POST /api/dossiers/:id/send': [
    { why: 'Đ9.6', at: id((one) => one.dossierId), body: () => REVISION, who: COMPILERS },
  ],
  'POST /api/dossiers/:id/document': [
    {
      why: 'Đ9.6',
      at: id((one) => one.dossierId),
      body: () => ({ number: '12/UBND', date: '2026-01-05', text: 'Khẩn trương khắc phục' }),
      who: { cityOffice: 'MMMMM' },
    },
  ],
  'GET /api/dossiers/:id/files/:kind': [
    {
      why: 'Đ9.6, Đ12.1',
      at: id((one) => one.dossierId, { kind: 'xlsx' }),
      who: { operator: 'MMMkM', supervisor: 'MMMMM', cityOffice: 'MMMMM' },
    },
  ],
  'GET /api/reports/units/:unitId/cases': [
    {
      why: 'R098, Đ12.1: a unit’s own figures; titles as the case itself shows them',
      at: (one) => ({ unitId: one === undefined ? 'never-was' : (one.unitId ?? 'cap-nuoc') }),
      query: 'from=2020-01-01&to=2099-12-31&figure=openNow',
      who: {
        supervisor: 'AAAAm',
        admin: 'AAmmm',
        officer: 'AkMkk',
        head: 'AkMkk',
        cityOffice: 'MMMMm',
      },
    },
  ],
  'PATCH /api/people/:id': [
    {
      why: 'R101',
      at: id((one) => one.personId),
      body: () => ({ name: 'Cán bộ thử' }),
      who: { admin: 'AA' },
    },
  ],
  'POST /api/people/:id/password': [{ why: 'R101', at: id((one) => one.personId), who: { admin: 'AA' } }],
  'POST /api/board/operators/:id/pause': [
    { why: 'issue 6: who supervises', at: OPERATOR, body: PAUSE, who: { supervisor: 'AA', admin: 'AA' } },
  ],
  'POST /api/board/operators/:id/sign-out': [
    { why: 'issue 6: who supervises', at: OPERATOR, body: WORDS, who: { supervisor: 'AA', admin: 'AA' } },
  ],
  'PUT /api/board/operators/:id/supervision': [
    { why: 'issue 6: a supervisor’s own phone', at: OPERATOR, body: LISTEN, who: { supervisor: 'AA' } },
  ],
  'POST /api/directory/changes/:id/note': [
    { why: 'Đ17.9', at: id((one) => one.changeId), who: { cityOffice: 'AA' } },
  ],
  'POST /api/directory/changes/:id/withdraw': [
    {
      why: 'Đ17.9: an admin all, the City Office people, a head the own officers',
      at: id((one) => one.changeId),
      body: () => ({ why: 'Ghi nhầm' }),
      who: { head: 'Ak', cityOffice: 'AA', admin: 'AA' },
    },
  ],
  'GET /api/calendars/:id/versions': [{ why: 'Đ9', at: CALENDAR, who: { supervisor: 'A', admin: 'A' } }],
  'GET /api/calendars/:id/versions/:number': [
    { why: 'Đ9', at: CALENDAR, who: { supervisor: 'A', admin: 'A' } },
  ],
  'POST /api/calendars/:id/preview': [{ why: 'Đ9', at: CALENDAR, body: TABLE, who: { admin: 'A' } }],
  'PUT /api/calendars/:id': [
    { why: 'Đ9', at: CALENDAR, body: () => ({ ...TABLE(), reason: 'Thử' }), who: { admin: 'A' } },
  ],
}

/** Lists, searches and exports that ask for something in their query; `words` stands for what is looked for. */
export const LIST_QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/tickets': ['', 'q=words', 'phone=words', 'desk=true', 'byEnd=true', 'unseen=true', 'mine=true'],
  '/api/calls': ['limit=200'],
  '/api/recordings': ['', 'q=words'],
  '/api/disclosures': ['group=waiting', 'group=open', 'group=over'],
  '/api/dossier': ['show=open', 'show=overdue', 'show=removed'],
  '/api/audit': ['limit=200'],
  '/api/audit/export': ['format=csv', 'format=json'],
  '/api/catch-ups': ['', 'limit=10'],
  '/api/discrepancies': ['', 'state=open&offset=0&limit=50', 'state=done&offset=0&limit=50'],
  '/api/reports/units': ['from=2020-01-01&to=2099-12-31'],
  '/api/reports/holders': ['from=2020-01-01&to=2099-12-31'],
  '/api/reports/units/digest': ['from=2020-01-01&to=2026-01-01'],
  '/api/deadline': ['from=2026-03-06T16:45&hours=1'],
  '/api/transfers/proposal': ['', 'ticketCode=code'],
  '/api/directory/suggest': [''],
}
