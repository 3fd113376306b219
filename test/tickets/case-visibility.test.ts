import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { TICKET_STATES, type TicketView } from '../../src/tickets/contract.ts'
import { sightOf } from '../../src/tickets/visibility-policy.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  OTHER_OPERATOR,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const NAME = 'Phạm Văn Đại'
const NUMBER = '0950 000 777'
const SECRETS = [
  NAME,
  'Pham Van Dai',
  NUMBER,
  '0950000777',
  '+84950000777',
  'dai@example.vn',
  'số nhà bí mật',
]

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const send = (ticket: TicketView, unitId = UNIT): TicketView =>
  desk.tickets.sendSlip(ticket.code, { version: ticket.version, unitId, note: `Đã gọi ${NAME}` }, OPERATOR)
const forwarded = (changes: Record<string, unknown> = {}, unitId = UNIT) =>
  send(fillDraft(desk, changes), unitId)
const secret = (): TicketView =>
  fillDraft(desk, {
    confidential: true,
    title: `${NAME} báo đèn hỏng`,
    content: `Tôi là ${NAME}, gọi lại ${NUMBER}.`,
    reporter: {
      type: 'individual',
      name: NAME,
      organisation: null,
      phone: NUMBER,
      email: 'dai@example.vn',
      address: 'số nhà bí mật',
    },
  })
const codes = (viewer: Person, query: Record<string, unknown> = {}): string[] =>
  desk.tickets.list(query, viewer).items.map(({ code }) => code)
const view = (code: string, viewer: Person) => desk.tickets.view(code, viewer)
const NOT_FOUND = expect.objectContaining({ code: 'TICKET_NOT_FOUND' }) as Error
const photo = () =>
  Readable.from([
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  ])

describe('R068: a unit', () => {
  it('sees its own cases with who reported them (Đ9.3), and no calls or recordings', () => {
    const { code } = forwarded()
    for (const person of [OFFICER, HEAD]) {
      const shown = view(code, person)
      expect(shown).toMatchObject({ sight: 'whole', unitId: UNIT, calls: [], recordings: [] })
      expect(shown.form.reporter).toMatchObject({ name: NAME, phone: NUMBER })
      expect(shown.actions).not.toContain('save')
      expect(desk.tickets.list({}, person)).toMatchObject({
        total: 1,
        items: [{ code, reporterName: NAME, phoneDisplay: NUMBER }],
      })
    }
  })

  it('does not learn that a case of another unit exists, in the words for one that never was', () => {
    const { code } = forwarded()
    const refusal = (attempt: () => unknown): unknown => {
      try {
        return attempt()
      } catch (cause) {
        return { ...(cause as object), message: (cause as Error).message }
      }
    }
    for (const ask of [
      (which: string) => desk.tickets.view(which, OTHER_OFFICER),
      (which: string) => desk.tickets.slipPaper(which, 1, OTHER_OFFICER),
      (which: string) => desk.tickets.attachment(which, 1, OTHER_OFFICER),
      (which: string) => {
        desk.tickets.mustReach(which, OTHER_OFFICER)
      },
    ]) {
      const never = refusal(() => {
        ask('HP26-999999')
      })
      expect(never).toMatchObject({ code: 'TICKET_NOT_FOUND' })
      expect(
        refusal(() => {
          ask(code)
        }),
      ).toEqual(never)
    }
    expect(desk.tickets.readersOf(code)(OTHER_OFFICER)).toBe(false)
    expect(desk.tickets.readersOf(code)(OFFICER)).toBe(true)
  })

  it('finds nothing of another unit by code, number, name, words or state, and counts none of it', () => {
    const { code, slips } = forwarded()
    for (const q of [code, slips[0]?.number ?? '', NAME, NUMBER, 'đèn', '12 Lạch Tray'])
      expect(desk.tickets.list({ q }, OTHER_OFFICER), q).toEqual({ items: [], total: 0 })
    expect(desk.tickets.list({ phone: NUMBER }, OTHER_OFFICER).total).toBe(0)
    expect(desk.tickets.list({ state: 'assigned' }, OTHER_OFFICER).total).toBe(0)
    expect(codes(OFFICER, { q: NAME })).toEqual([code])
    expect(codes(OFFICER, { phone: NUMBER })).toEqual([code])
  })

  it('pages through its own cases only: filtered before they are counted and cut', () => {
    const own = Array.from({ length: 5 }, () => [forwarded().code, forwarded({}, OTHER_UNIT).code][0] ?? '')
    const pages = [0, 2, 4].map((offset) => desk.tickets.list({ offset, limit: 2 }, OFFICER))
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5])
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1])
    expect(pages.flatMap(({ items }) => items.map(({ code }) => code))).toEqual([...own].reverse())
  })

  it('that left the directory has people who see nothing', () => {
    const { code } = forwarded()
    const orphan = { ...OFFICER, unitId: 'da-giai-the' }
    expect(desk.tickets.list({}, orphan)).toEqual({ items: [], total: 0 })
    expect(() => view(code, orphan)).toThrow(NOT_FOUND)
  })

  it('R088: keeps its slip when the case went on to another unit, without who reported or what came after', async () => {
    const first = forwarded({ title: 'Đèn ở ngõ 193' })
    await desk.tickets.attach(first.code, { name: 'anh.png', content: photo() }, OPERATOR)
    const second = send(view(first.code, OPERATOR), OTHER_UNIT)
    const changed = desk.tickets.save(
      second.code,
      { version: second.version, form: { content: 'Nội dung sau này' } },
      OPERATOR,
    )
    const shown = view(changed.code, OFFICER)
    expect(shown).toMatchObject({
      sight: 'ownSlips',
      unitId: null,
      actions: [],
      attachments: [],
      messages: [],
    })
    expect(shown.slips.map(({ unitId }) => unitId)).toEqual([UNIT])
    expect(shown.form).toMatchObject({
      title: 'Đèn ở ngõ 193',
      content: expect.stringContaining('Ba cột đèn') as string,
    })
    expect(JSON.stringify(shown)).not.toMatch(/Nội dung sau này|Sở Xây dựng/)
    expect(JSON.stringify(shown)).not.toContain(NAME)
    expect(desk.tickets.slipPaper(shown.code, 1, OFFICER)).toMatchObject({
      reporter: null,
      number: 'PC26-000001',
    })
    expect(() => desk.tickets.slipPaper(shown.code, 2, OFFICER)).toThrow(
      expect.objectContaining({ code: 'SLIP_NOT_FOUND' }),
    )
    expect(() => desk.tickets.attachment(shown.code, 1, OFFICER)).toThrow(
      expect.objectContaining({ code: 'ATTACHMENT_NOT_FOUND' }),
    )
    expect(() => {
      desk.tickets.mustReach(shown.code, OFFICER)
    }).toThrow(expect.objectContaining({ code: 'TICKET_OUT_OF_REACH' }))
    // Found by its code, and by nothing of what it became or who reported it.
    expect(codes(OFFICER, { q: shown.code })).toEqual([shown.code])
    for (const q of [NAME, NUMBER, 'sau này', 'Lạch Tray']) expect(codes(OFFICER, { q }), q).toEqual([])
    // The unit that has it now sees all of it.
    expect(view(shown.code, OTHER_OFFICER).slips).toHaveLength(2)
  })
})

describe('R068: a confidential case (Đ7.3, Đ12.1)', () => {
  it('is whole for the operator who holds it and for supervisors, and a mask for the others', () => {
    const { code } = secret()
    for (const person of [OPERATOR, SUPERVISOR]) {
      expect(view(code, person).form.reporter.name).toBe(NAME)
      expect(codes(person, { q: NAME })).toEqual([code])
      expect(codes(person, { phone: NUMBER })).toEqual([code])
    }
    for (const person of [OTHER_OPERATOR, ADMIN]) {
      const shown = view(code, person)
      expect(shown).toMatchObject({ code, state: 'draft', sight: 'mask', actions: [], events: [], slips: [] })
      expect(shown.form).toMatchObject({
        confidential: true,
        title: '',
        content: '',
        place: '',
        fieldId: null,
      })
      const list = desk.tickets.list({}, person)
      for (const secretWord of [...SECRETS, 'đèn', 'Lạch Tray', 'lighting'])
        expect(JSON.stringify([shown, list])).not.toContain(secretWord)
      expect(list.items).toMatchObject([{ code, state: 'draft', confidential: true, sight: 'mask' }])
    }
  })

  it('is found by other operators under its code alone', () => {
    const { code } = secret()
    const open = fillDraft(desk)
    for (const q of [...SECRETS, 'đèn hỏng báo', 'Tôi là']) {
      expect(codes(OTHER_OPERATOR, { q }), q).not.toContain(code)
      expect(codes(ADMIN, { q }), q).not.toContain(code)
    }
    expect(codes(OTHER_OPERATOR, { phone: NUMBER })).toEqual([open.code])
    expect(codes(OTHER_OPERATOR, { q: code })).toEqual([code])
    expect(codes(OTHER_OPERATOR, { q: '000001' })).toEqual([code])
    expect(codes(OTHER_OPERATOR, { q: 'hp26' }).sort()).toEqual([code, open.code])
    expect(codes(OTHER_OPERATOR, { q: `${code} ${NAME}` })).toEqual([])
  })

  it('is written by its holder and supervisors only', () => {
    const { code } = secret()
    for (const person of [OTHER_OPERATOR, ADMIN])
      expect(() => {
        desk.tickets.mustReach(code, person)
      }).toThrow(expect.objectContaining({ code: 'TICKET_OUT_OF_REACH' }))
    for (const person of [OPERATOR, SUPERVISOR]) desk.tickets.mustReach(code, person)
  })

  it('is held by who marks it, when nobody held it', () => {
    const { code } = desk.tickets.recordUnanswered(
      {
        callId: 'c-1',
        direction: 'in',
        number: { raw: '0950000777', e164: '+84950000777', display: NUMBER, kind: 'mobile' },
        callerName: null,
        line: '1022',
        startedAt: '2026-03-02T01:00:00Z',
        training: false,
      },
      'abandoned',
      '2026-03-02T01:00:00Z',
    )
    const { version } = view(code, OPERATOR)
    expect(desk.tickets.save(code, { version, form: { confidential: true } }, OPERATOR)).toMatchObject({
      sight: 'whole',
      operatorId: OPERATOR.id,
    })
  })

  it('comes to its unit without who reported it: view, list, slip, messages, history, file names', async () => {
    const { code } = send(secret())
    await desk.tickets.attach(code, { name: `don cua ${NAME}.png`, content: photo() }, OPERATOR)
    for (const person of [OFFICER, HEAD, CITY_OFFICE]) {
      const shown = view(code, person)
      expect(shown.sight).toBe('withoutReporter')
      expect(shown.form).toMatchObject({ confidential: true, title: '••• báo đèn hỏng' })
      const paper = desk.tickets.slipPaper(code, 1, person)
      const file = desk.tickets.attachment(code, shown.attachments[0]?.id ?? 0, person)
      const said = JSON.stringify([shown, paper, file.name, desk.tickets.list({}, person)])
      for (const secretWord of SECRETS) expect(said, secretWord).not.toContain(secretWord)
      for (const q of SECRETS) expect(codes(person, { q }), q).toEqual([])
      expect(codes(person, { phone: NUMBER })).toEqual([])
      expect(codes(person, { q: 'đèn hỏng' })).toEqual([code])
    }
  })

  it('that becomes so after its slip was sent takes the reporter off the slip for its readers', () => {
    const sent = forwarded()
    expect(desk.tickets.slipPaper(sent.code, 1, OFFICER).reporter?.name).toBe(NAME)
    desk.tickets.save(sent.code, { version: sent.version, form: { confidential: true } }, OPERATOR)
    expect(desk.tickets.slipPaper(sent.code, 1, OFFICER).reporter).toBeNull()
    const events = JSON.stringify(view(sent.code, OFFICER).events)
    for (const secretWord of SECRETS) expect(events).not.toContain(secretWord)
    expect(codes(OFFICER, { q: NAME })).toEqual([])
  })

  it('tells whoever answers its number next that it is there, not what it is about, and gives no name away', () => {
    const { code } = secret()
    desk.db.raw.prepare('UPDATE tickets SET caller_e164 = phone_e164').run()
    expect(desk.tickets.callerFacts('+84950000777')).toMatchObject({
      known: null,
      maybe: [],
      open: [{ code, title: '', confidential: true }],
    })
  })

  it('stands on the list of Đ9.6 as a mask for other operators, and without its reporter for the City Office', () => {
    const before = secret()
    const { code } = desk.tickets.save(
      before.code,
      { version: before.version, form: { urgent: true } },
      OPERATOR,
    )
    desk.tickets.receive(code, view(code, OPERATOR).version, OPERATOR)
    expect(desk.dossiers.page({}, OPERATOR).items).toMatchObject([{ title: `${NAME} báo đèn hỏng` }])
    expect(desk.dossiers.page({}, OTHER_OPERATOR).items).toMatchObject([{ ticketCode: code, title: '' }])
    expect(desk.dossiers.page({}, CITY_OFFICE).items).toMatchObject([{ title: '••• báo đèn hỏng' }])
  })
})

describe('R087: the City Office', () => {
  it('follows what was forwarded, without who the citizen is, and nothing that was not', () => {
    const kept = fillDraft(desk)
    const { code } = forwarded()
    expect(codes(CITY_OFFICE)).toEqual([code])
    expect(view(code, CITY_OFFICE)).toMatchObject({ sight: 'withoutReporter', form: { confidential: false } })
    expect(JSON.stringify(view(code, CITY_OFFICE))).not.toContain(NAME)
    expect(codes(CITY_OFFICE, { q: NAME })).toEqual([])
    expect(codes(CITY_OFFICE, { phone: NUMBER })).toEqual([])
    expect(() => view(kept.code, CITY_OFFICE)).toThrow(NOT_FOUND)
  })

  it('sees who the citizen is while it leads (Đ9.5), and goes on reading the case when it has answered', () => {
    const { code } = fillDraft(desk)
    const put = (state: string) =>
      desk.db.raw
        .prepare("UPDATE tickets SET state = ?, office_at = '2026-03-02T01:00:00Z' WHERE code = ?")
        .run(state, code)
    put('cityOffice')
    expect(view(code, CITY_OFFICE)).toMatchObject({ sight: 'whole', form: { reporter: { name: NAME } } })
    expect(codes(CITY_OFFICE, { q: NAME })).toEqual([code])
    put('agencyAnswered')
    expect(view(code, CITY_OFFICE).sight).toBe('withoutReporter')
  })
})

describe('the list', () => {
  it('says in SQL what the policy says case by case, for everybody', () => {
    const random = numbers(7)
    const all = Array.from({ length: 120 }, () => {
      const one = random(3) === 0 ? secret() : fillDraft(desk)
      return one.code
    })
    for (const code of all) {
      const unitId = [UNIT, OTHER_UNIT, null][random(3)] ?? null
      const state = TICKET_STATES[random(TICKET_STATES.length)]
      const operatorId = [OPERATOR.id, OTHER_OPERATOR.id, null][random(3)] ?? null
      const officeAt = random(6) === 0 ? '2026-03-02T01:00:00Z' : null
      const releasedTo = [UNIT, OTHER_UNIT, null][random(3)] ?? null
      desk.db.raw
        .prepare(
          'UPDATE tickets SET unit_id = ?, state = ?, operator_id = ?, office_at = ?, released_to = ? WHERE code = ?',
        )
        .run(unitId, state, operatorId, officeAt, releasedTo, code)
      for (const [version, to] of [UNIT, OTHER_UNIT].entries()) {
        if (random(3) !== 0) continue
        desk.db.raw
          .prepare(
            `INSERT INTO slips (ticket_id, number, version, token, unit_id, unit_name, body, issued_at)
             SELECT id, ? || code, ?, ? || code, ?, '', '{}', '' FROM tickets WHERE code = ?`,
          )
          .run(to, version + 1, to, to, code)
        // Whoever works beside the lead was sent a slip; some take no part any more.
        if (random(2) !== 0) continue
        desk.db.raw
          .prepare(
            `INSERT INTO co_handlers (ticket_id, unit_id, unit_name, slip_number, reason, added_at, added_by, ended_at)
             SELECT id, ?, '', '', '', '', 1, ? FROM tickets WHERE code = ?`,
          )
          .run(to, random(2) === 0 ? null : '2026-03-02T01:00:00Z', code)
      }
    }
    const rows = desk.db.raw
      .prepare(
        `SELECT code, state, confidential, operator_id AS operatorId, unit_id AS unitId, released_to AS releasedTo, office_at AS officeAt,
           (SELECT json_group_array(unit_id) FROM slips WHERE ticket_id = tickets.id) AS units,
           (SELECT json_group_array(unit_id) FROM co_handlers
             WHERE ticket_id = tickets.id AND ended_at IS NULL) AS beside FROM tickets`,
      )
      .all() as (Record<string, unknown> & { code: string; units: string; beside: string })[]
    const people = [OPERATOR, OTHER_OPERATOR, SUPERVISOR, ADMIN, OFFICER, HEAD, OTHER_OFFICER, CITY_OFFICE]
    for (const person of [...people, { ...OFFICER, unitId: null }]) {
      const wanted = rows.flatMap((row) => {
        const unitIds = person.unitId === null ? [] : [person.unitId]
        const sight = sightOf(
          { ...person, unitIds },
          {
            ...(row as unknown as Parameters<typeof sightOf>[1]),
            confidential: row['confidential'] === 1,
            wasLed: row['officeAt'] !== null,
            isListed: false,
            slipUnitIds: JSON.parse(row.units) as string[],
            coUnitIds: JSON.parse(row.beside) as string[],
          },
        )
        return sight === null ? [] : [{ code: row.code, sight }]
      })
      const listed = desk.tickets.list({ limit: 200 }, person)
      const found = listed.items.map(({ code, sight }) => ({ code, sight }))
      const byCode = (a: { code: string }, b: { code: string }) => a.code.localeCompare(b.code)
      expect(found.sort(byCode), person.username).toEqual(wanted.sort(byCode))
      expect(listed.total, person.username).toBe(wanted.length)
      // Searched by name: whole cases only, whatever else is seen.
      expect(codes(person, { q: NAME, limit: 200 }).sort(), person.username).toEqual(
        wanted.flatMap(({ code, sight }) => (sight === 'whole' ? [code] : [])).sort(),
      )
    }
  })

  it('finds a common word in many cases of a unit without asking the full text for each of them', () => {
    desk.db.raw.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
      INSERT INTO tickets (code, state, channel, unit_id, created_at, updated_at)
        SELECT printf('HP26-%06d', i), 'assigned', 'phone', '${UNIT}', '', '' FROM n;
      INSERT INTO ticket_search (rowid, folded, exact) SELECT id, code || ' den duong', code || ' đèn đường' FROM tickets;
      INSERT INTO case_search (rowid, folded, exact) SELECT id, code || ' den duong', code || ' đèn đường' FROM tickets;`)
    const prepared = vi.spyOn(desk.db.raw, 'prepare')
    expect(desk.tickets.list({ q: 'den' }, OFFICER).total).toBe(1001)
    // Each of the two texts once.
    expect(prepared.mock.calls.filter(([text]) => text.includes(' MATCH '))).toHaveLength(2)
    prepared.mockRestore()
  })

  it('finds cases of a time before there was an index without reporters', async () => {
    const path = `${desk.folder}/old.db`
    const before = createDesk({ path })
    const { code } = before.tickets.sendSlip(
      ...((draft) => [draft.code, { version: draft.version, unitId: UNIT, note: '' }] as const)(
        fillDraft(before, { confidential: true }),
      ),
      OPERATOR,
    )
    // Whoever searches has the texts written.
    expect(before.tickets.list({ q: 'đèn đường' }, OFFICER).total).toBe(1)
    before.db.raw.exec('DELETE FROM case_search')
    await before.close()
    const after = createDesk({ path })
    const find = (q: string) => after.tickets.list({ q }, OFFICER).items.map((row) => row.code)
    expect(find('đèn đường')).toEqual([code])
    expect(find(NAME)).toEqual([])
    await after.close()
  })
})

/** The same numbers at each run (Lehmer). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

describe('R067: who reported a confidential case (regulation.md 2.5 A15)', () => {
  const move = (
    code: string,
    by: Person,
    action: 'releaseReporter' | 'coverReporter',
    reason = 'Phải gặp tại chỗ',
  ) => desk.tickets.move(code, { version: view(code, SUPERVISOR).version, action, reason }, by)
  const withUnit = (): string => {
    const { code, version } = secret()
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    return code
  }

  it('is told to the unit by a supervisor, who says why, and kept from it again alike', () => {
    const code = withUnit()
    expect(view(code, SUPERVISOR).actions).toContain('releaseReporter')
    expect(view(code, OFFICER)).toMatchObject({ sight: 'withoutReporter' })
    move(code, SUPERVISOR, 'releaseReporter')
    expect(view(code, OFFICER)).toMatchObject({ sight: 'whole', form: { reporter: { name: NAME } } })
    expect(codes(OFFICER, { q: NAME })).toEqual([code])
    expect(view(code, SUPERVISOR).events.at(-1)).toMatchObject({
      type: 'reporterReleased',
      actorName: SUPERVISOR.name,
      detail: { unitId: UNIT, reason: 'Phải gặp tại chỗ' },
    })
    expect(view(code, SUPERVISOR).actions).not.toContain('releaseReporter')
    move(code, SUPERVISOR, 'coverReporter')
    expect(view(code, OFFICER)).toMatchObject({ sight: 'withoutReporter' })
    expect(codes(OFFICER, { q: NAME })).toEqual([])
  })

  it('is told by nobody else, never without a reason, and of no case that is open anyway', () => {
    const code = withUnit()
    for (const [by, reason, refused] of [
      [OPERATOR, 'x', 'ACTION_NOT_YOURS'],
      [OFFICER, 'x', 'ACTION_NOT_YOURS'],
      [CITY_OFFICE, 'x', 'ACTION_NOT_YOURS'],
      [SUPERVISOR, ' ', 'REASON_REQUIRED'],
    ] as const)
      expect(() => move(code, by, 'releaseReporter', reason), by.username).toThrow(
        expect.objectContaining({ code: refused }),
      )
    const { code: open, version } = fillDraft(desk)
    desk.tickets.sendSlip(open, { version, unitId: UNIT, note: '' }, OPERATOR)
    expect(() => move(open, SUPERVISOR, 'releaseReporter')).toThrow(
      expect.objectContaining({ code: 'NOT_COVERED' }),
    )
    expect(view(code, OFFICER).sight).toBe('withoutReporter')
  })

  it('is not told to the next unit that gets the case', () => {
    const code = withUnit()
    move(code, SUPERVISOR, 'releaseReporter')
    desk.tickets.move(
      code,
      { version: view(code, SUPERVISOR).version, action: 'reroute', unitId: OTHER_UNIT, reason: 'Nhầm' },
      CITY_OFFICE,
    )
    expect(view(code, OTHER_OFFICER).sight).toBe('withoutReporter')
    expect(view(code, OFFICER).sight).toBe('ownSlips')
  })

  it('is heard on no recording by whoever may not read it', () => {
    const { code } = secret()
    expect(
      [OPERATOR, OTHER_OPERATOR, SUPERVISOR, ADMIN].map((one) => desk.tickets.mayReadReporter(code, one)),
    ).toEqual([true, false, true, false])
    const { code: open } = fillDraft(desk)
    expect(desk.tickets.mayReadReporter(open, ADMIN)).toBe(true)
  })
})
