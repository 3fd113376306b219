import { setImmediate as turn } from 'node:timers/promises'
import { type Db } from '../../src/db/open.ts'
import { foldVietnamese } from '../../src/platform/vietnamese-text.ts'
import { HELD_OUT, TUNING } from '../suggestions/labelled-reports.ts'

export interface CityOfCases {
  readonly cases: number
  /** The last of them, written as the service writes: a commit for each, so that a full text is in many small pieces as a real one is. */
  readonly oneByOne: number
  /** Ids of units, the busiest first. */
  readonly units: readonly string[]
  readonly areas: readonly string[]
  /** Ids of operators, each of whom took as many. */
  readonly operators: readonly number[]
  readonly firstMs: number
  readonly betweenMs: number
}

/** Cases that nobody has ended: what a city of 20,000 a month has under way. */
export const OPEN_CASES = 12_000
const TRAINING_EVERY = 101
const MISSED_EVERY = 300
const BATCH = 50_000
const REPORTS = [...TUNING, ...HELD_OUT]
const OPEN_STATES = [
  'received',
  'assigned',
  'inProgress',
  'verifying',
  'awaitingCitizen',
  'escalated',
  'overdue',
  'agencyAnswered',
  'answered',
  'draft',
  'needsClarification',
  'cityOffice',
] as const
const SURNAMES = 'Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ'.split(' ')
const MIDDLE = 'Văn Thị Minh Đức Ngọc Quang Thu Hải'.split(' ')
const GIVEN = 'An Bình Châu Dũng Hạnh Khoát Lan Mai Ngát Phúc Quyên Sơn Tuấn Uyên Yến'.split(' ')
const STREETS =
  'Lạch Trần Nguyễn Phạm Hoàng Văn Quang Minh Đức Thành Bình Long Hải Sơn Thủy Hòa Phúc Lộc Thọ Khang'.split(
    ' ',
  )

/** Evenly spread and the same on each run: no two of a case's properties go in step. */
const mix = (at: number, salt: number): number => {
  let hash = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
  return (hash ^ (hash >>> 13)) >>> 0
}
const pick = <T>(list: readonly T[], at: number, salt: number): T => {
  const found = list[mix(at, salt) % list.length]
  if (found === undefined) throw new RangeError('a choice of nothing')
  return found
}
/** The first half of the time the first, a quarter the second: a city's units are not alike. */
const unitAt = (units: readonly string[], at: number): string => {
  const share = (mix(at, 5) % 10_000) / 10_000
  return units[Math.min(units.length - 1, Math.floor(units.length * share ** 3))] ?? ''
}

export const codeAt = (at: number): string =>
  `HP${String(22 + Math.floor(at / 240_000))}-${String((at % 240_000) + 1).padStart(6, '0')}`
export const phoneAt = (at: number): string => `+8495${String(mix(at, 9) % 400_000).padStart(7, '0')}`

/** Most calls take two or three minutes, one in thirty more than ten. */
const durationAt = (at: number): number =>
  Math.round(15_000 - 180_000 * Math.log(1 - (mix(at, 24) % 10_000) / 10_001))

/** The at-th invented case, as it is written by the columns of `tickets`. */
function caseAt(city: CityOfCases, at: number) {
  const { content, fieldId } = pick(REPORTS, at, 1)
  const atIso = new Date(city.firstMs + at * city.betweenMs).toISOString()
  const isOpen = at >= city.cases - OPEN_CASES || mix(at, 3) % 2_000 === 0
  const ended = mix(at, 4) % 100
  const state = isOpen
    ? pick(OPEN_STATES, at, 2)
    : ended < 93
      ? 'closed'
      : ended < 96
        ? 'rejected'
        : ended < 99
          ? 'merged'
          : 'withdrawn'
  const isAtDesk = state === 'received' || state === 'draft' || state === 'needsClarification'
  const isForwarded = !isAtDesk && state !== 'rejected' && (isOpen || mix(at, 6) % 10 < 6)
  const hasClock = isOpen && isForwarded && state !== 'answered' && state !== 'overdue'
  return {
    id: at + 1,
    code: codeAt(at),
    state,
    training: at % TRAINING_EVERY === 0 ? 1 : 0,
    fieldId,
    title: content.split(' ').slice(0, 5).join(' '),
    content,
    place: `${String((mix(at, 7) % 400) + 1)} ${pick(STREETS, at, 8)} ${pick(STREETS, at, 10)}`,
    areaId: pick(city.areas, at, 11),
    confidential: mix(at, 12) % 100 === 0 ? 1 : 0,
    reporterName: `${pick(SURNAMES, at, 13)} ${pick(MIDDLE, at, 14)} ${pick(GIVEN, at, 15)}`,
    phone: phoneAt(at),
    operatorId: pick(city.operators, at, 16),
    unitId: isForwarded ? unitAt(city.units, at) : null,
    /** Sent to this one before, which sent it back. */
    formerUnitId: isForwarded && mix(at, 17) % 12 === 0 ? pick(city.units, at, 18) : null,
    officeAt: state === 'cityOffice' ? atIso : null,
    at: atIso,
    dueAt: hasClock
      ? new Date(city.firstMs + at * city.betweenMs + (mix(at, 19) % 96) * 3_600_000).toISOString()
      : null,
  }
}
type Case = ReturnType<typeof caseAt>

/** What a case leaves rows in; everything that hangs on these tables is set aside while they are filled. */
const FILLED = [
  'tickets',
  'slips',
  'office_copies',
  'deadlines',
  'ticket_events',
  'calls',
  'ticket_calls',
  'recordings',
  'outbox',
  'handset_messages',
  'dossier_items',
]
/** Written by triggers of theirs: made anew at the end from what they stand for. */
const TEXTS = ['ticket_search', 'case_search', 'recording_search']

/**
 * Fills an empty database with cases, their papers, clocks, calls, recordings and messages, as years of work leave them. Indexes and
 * triggers are taken away meanwhile and put back as they were; what the triggers would have written is written once for all rows.
 * Nobody else may have the database open.
 */
export async function fillWithCases(
  db: Db,
  city: CityOfCases,
  progress: (done: number) => void,
): Promise<void> {
  const { raw } = db
  raw.pragma('journal_mode = MEMORY')
  raw.pragma('synchronous = OFF')
  raw.pragma('cache_size = -1048576')
  const putBack = setAside(db)
  setTextBuffers(db, 64 * 1_048_576)
  const write = writers(db)
  const writeOne = (at: number): void => {
    write(caseAt(city, at), at, city)
  }
  const inBulk = Math.max(0, city.cases - city.oneByOne)
  for (let from = 0; from < inBulk; from += BATCH) {
    const below = Math.min(from + BATCH, inBulk)
    raw.transaction(() => {
      for (let at = from; at < below; at += 1) writeOne(at)
    })()
    progress(below)
    await turn() // Ctrl-C is heard between two batches
  }
  raw.transaction(() => {
    raw.exec(OFFICE_READS)
    raw.exec("INSERT INTO recording_search (recording_search) VALUES ('rebuild')")
    putBack()
  })()
  setTextBuffers(db, 1_048_576)
  raw.pragma('journal_mode = WAL')
  // As the store does on its insert.
  const newest = raw.prepare('SELECT coalesce(max(id), 0) FROM recordings').pluck()
  const addToSearch = raw.prepare(
    'INSERT INTO recording_search (rowid, search) SELECT id, search FROM recordings WHERE id > ?',
  )
  for (let at = inBulk; at < city.cases; at += 1)
    db.transaction(() => {
      const before = newest.get()
      writeOne(at)
      addToSearch.run(before)
    })
  raw.pragma('wal_checkpoint(TRUNCATE)')
  raw.pragma('synchronous = NORMAL')
  raw.pragma('cache_size = -16000')
  progress(city.cases)
}

/** As the triggers of migration 0029 keep it. */
const OFFICE_READS = `UPDATE tickets SET office_reads = 1 WHERE state = 'cityOffice' OR office_at IS NOT NULL
  OR id IN (SELECT ticket_id FROM slips) OR id IN (SELECT ticket_id FROM dossier_items WHERE removed_at IS NULL)`

/** Takes the indexes and triggers of the filled tables away; what it answers with puts them back, word for word. */
function setAside({ raw }: Db): () => void {
  const hanging = raw
    .prepare(
      `SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
        AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY type, rowid`,
    )
    .all(JSON.stringify(FILLED)) as { type: string; name: string; sql: string }[]
  for (const { type, name } of hanging) raw.exec(`DROP ${type} ${name}`)
  return () => {
    for (const { sql } of hanging) raw.exec(sql)
  }
}

/** How much of a full text is gathered in memory before it is written (1 MB if nobody says). */
function setTextBuffers({ raw }: Db, bytes: number): void {
  for (const text of TEXTS)
    raw.prepare(`INSERT INTO ${text} (${text}, rank) VALUES ('hashsize', ?)`).run(BigInt(bytes))
}

function writers({ raw }: Db) {
  const into = (table: string, columns: string) =>
    raw.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (${columns
        .split(',')
        .map(() => '?')
        .join(',')})`,
    )
  const ticket = into(
    'tickets',
    'id,code,state,channel,training,kind,field_id,title,content,place,area_id,confidential,reporter_name,reporter_phone,phone_e164,phone_display,caller_e164,operator_id,unit_id,office_at,office_reads,created_at,updated_at,received_at,due_at',
  )
  const search = into('ticket_search', 'rowid,folded,exact')
  const cases = into('case_search', 'rowid,folded,exact')
  const slip = into(
    'slips',
    'id,ticket_id,number,version,token,unit_id,unit_name,body,issued_at,due_at,operator_id',
  )
  const copy = into('office_copies', 'slip_id,ticket_id,since,seen_by,seen_at')
  const deadline = into(
    'deadlines',
    'ticket_id,kind,round,unit_id,started_at,due_at,calendar_id,calendar_version,policy_version,explanation,satisfied_at,breached_at',
  )
  const event = into('ticket_events', 'ticket_id,at,type,actor_id,detail')
  const call = into(
    'calls',
    'id,direction,state,outcome,number_raw,number_e164,number_display,number_kind,line,training,operator_id,ticket_id,ticket_code,started_at,answered_at,ended_at,missed_done_at',
  )
  const ofTicket = into('ticket_calls', 'call_id,ticket_id,relation,at')
  const recording = into(
    'recordings',
    'call_id,kind,base,state,flags,started_at,training,duration_ms,kept,settled_at,released_at,search',
  )
  const sms = into(
    'outbox',
    'template,to_number,to_name,text,text_vi,segments,state,provider,ticket_code,training,created_at,updated_at',
  )
  const handset = into('handset_messages', 'reference,phone,text,at')
  const dossier = into(
    'dossier_items',
    'ticket_id,ticket_code,reason,started_at,listed_at,due_at,due_text,training,removed_at,removed_by,removed_why',
  )
  const folded = new Map<string, string>()
  const fold = (text: string): string => {
    const known = folded.get(text)
    if (known !== undefined) return known
    const made = foldVietnamese(text)
    if (folded.size < 200_000) folded.set(text, made)
    return made
  }
  let slipId = 0

  const writeTexts = (one: Case): void => {
    const matter = [one.title, one.content, one.place]
    const number = `${one.phone.slice(1)}\n0${one.phone.slice(3)}`
    const texts = (parts: readonly string[]) =>
      [parts.map(fold).join('\n'), parts.join('\n').toLowerCase()] as const
    search.run(one.id, ...texts([one.code, ...matter, one.reporterName]).map((text) => `${text}\n${number}`))
    cases.run(one.id, ...texts([one.code, ...matter]))
  }

  const writeSlips = (one: Case, isNew: boolean): void => {
    const units = [one.formerUnitId, one.unitId].filter((unitId) => unitId !== null)
    for (const [index, unitId] of units.entries()) {
      slipId += 1
      const body = JSON.stringify({ level: 'officer', title: one.title })
      slip.run(
        slipId,
        one.id,
        `PC-${String(slipId)}`,
        index + 1,
        `t${String(slipId)}`,
        unitId,
        unitId,
        body,
        one.at,
        one.dueAt,
        one.operatorId,
      )
      copy.run(slipId, one.id, one.at, isNew ? null : 8, isNew ? null : one.at)
    }
    if (one.unitId === null) return
    const kind = one.state === 'overdue' || one.state === 'escalated' ? 'head' : 'officer'
    const isLate = one.state === 'overdue'
    const done = one.dueAt === null && !isLate ? one.at : null
    deadline.run(
      one.id,
      kind,
      1,
      one.unitId,
      one.at,
      one.dueAt ?? one.at,
      'city',
      '1',
      1,
      '08 giờ làm việc',
      done,
      isLate ? one.at : null,
    )
  }

  const writeCall = (one: Case, at: number): void => {
    const id = `${String(Math.floor(Date.parse(one.at) / 1_000))}.${String(at)}`
    const isMissed = at % MISSED_EVERY === 0
    const display = `0${one.phone.slice(3)}`
    call.run(
      id,
      'in',
      'ended',
      isMissed ? 'abandoned' : 'answered',
      display,
      one.phone,
      display,
      'mobile',
      '1022',
      one.training,
      isMissed ? null : one.operatorId,
      one.id,
      one.code,
      one.at,
      isMissed ? null : one.at,
      one.at,
      isMissed && mix(at, 20) % 4 !== 0 ? one.at : null,
    )
    ofTicket.run(id, one.id, 'opened', one.at)
    if (isMissed) return
    const words = `${display} ${pick(['nguyen thi ha', 'doan thi ngat', 'tran van duc'], one.operatorId, 21)} ${one.code.toLowerCase()}`
    recording.run(
      id,
      'call',
      `call-${String(at)}`,
      'stored',
      '[]',
      one.at,
      one.training,
      durationAt(at),
      '[]',
      one.at,
      one.at,
      words,
    )
  }

  const writeMessages = (one: Case, at: number): void => {
    if (at % 4 !== 1) return
    const text = `Phan anh ${one.code} da duoc tiep nhan.`
    sms.run(
      'received',
      one.phone,
      one.reporterName,
      text,
      text,
      1,
      'delivered',
      'simulator',
      one.code,
      one.training,
      one.at,
      one.at,
    )
    if (at % 201 === 0) handset.run(`m${String(at)}`, one.phone, text, one.at)
  }

  return (one: Case, at: number, city: CityOfCases): void => {
    ticket.run(
      one.id,
      one.code,
      one.state,
      'phone',
      one.training,
      'reflection',
      one.fieldId,
      one.title,
      one.content,
      one.place,
      one.areaId,
      one.confidential,
      one.reporterName,
      one.phone,
      one.phone,
      `0${one.phone.slice(3)}`,
      one.phone,
      one.operatorId,
      one.unitId,
      one.officeAt,
      Number(one.state === 'cityOffice' || one.officeAt !== null),
      one.at,
      one.at,
      one.at,
      one.dueAt,
    )
    writeTexts(one)
    writeSlips(one, at >= city.cases - 4_000)
    if (one.state === 'received')
      deadline.run(one.id, 'clarify', 1, null, one.at, one.at, 'city', '1', 1, '1 giờ làm việc', null, null)
    event.run(one.id, one.at, 'received', one.operatorId, '{"form":{}}')
    writeCall(one, at)
    writeMessages(one, at)
    if (mix(at, 22) % 300 === 0) {
      const removed = mix(at, 23) % 2 === 0 ? one.at : null
      dossier.run(
        one.id,
        one.code,
        'result',
        one.at,
        one.at,
        one.dueAt,
        'trong 05 ngày',
        one.training,
        removed,
        removed === null ? null : 2,
        removed === null ? null : 'xong',
      )
    }
  }
}
