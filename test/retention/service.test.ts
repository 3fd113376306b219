import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { CHIEF } from '../support/recording-rig.ts'
import { createRetentionRig, type RetentionRig } from '../support/retention-rig.ts'

const ADMIN: Person = { ...CHIEF, id: 9, username: 'admin', role: 'admin' }
const REASON = 'Cơ quan công an yêu cầu giữ nguyên'

let rig: RetentionRig
beforeEach(() => {
  rig = createRetentionRig()
})
afterEach(() => rig.close())

const stateOf = (callId: string): string => rig.row(callId).state
/** A night on which it is announced, and the one a week later on which it goes. */
async function dueNights(): Promise<void> {
  rig.days(40)
  await rig.retention.run()
  rig.days(7)
  await rig.retention.run()
}
const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('R059: a recording whose time is over', () => {
  test('is announced a week ahead, then its files go and the fact stays', async () => {
    const id = await rig.record('1')
    rig.days(22)
    expect(await rig.retention.run()).toMatchObject({ announced: 0, deleted: 0 })
    rig.days(2)
    expect(await rig.retention.run()).toMatchObject({ announced: 1, deleted: 0 })
    const { next } = await rig.retention.view(CHIEF)
    expect(next).toMatchObject({
      total: 1,
      byKind: [{ kind: 'main', count: 1 }],
      items: [{ recording: { id, ticketCode: 'HP26-000001' }, blockers: [] }],
    })
    rig.days(6)
    expect(await rig.retention.run()).toMatchObject({ announced: 1, deleted: 0 })
    expect(rig.filed()).toHaveLength(1)
    const before = rig.row('1')
    rig.days(1)
    expect(await rig.retention.run()).toMatchObject({ announced: 0, deleted: 1, failed: 0 })

    expect(rig.filed()).toEqual([])
    expect(rig.forgotten).toEqual([id])
    expect(rig.row('1')).toEqual({ ...before, state: 'deleted' })
    expect(rig.seals.sealOf(id)).toMatchObject({ event: 'disposed', sha256: before.sha256 })
    expect(rig.audits.at(-1)).toMatchObject({
      actorId: null,
      action: 'recording.deleted',
      subject: `recording:${String(id)}`,
      detail: { cause: 'rule', days: 30, basis: 'Điều 10.1', kind: 'main' },
    })
    expect(await rig.retention.view(CHIEF)).toMatchObject({
      next: { total: 0 },
      deleted: { total: 1, items: [{ recording: { id }, cause: 'rule', days: 30 }] },
    })
    expect(rig.findings()).toEqual([])
    await expect(rig.recordings.open(id, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_NOT_STORED' })
  })

  test('goes with what was kept beside it, also where there is nothing to play', async () => {
    rig.call('1')
    rig.files.set('call-1-citizen', Buffer.from('not a sound'))
    rig.files.set('call-1-operator', Buffer.from('nor this'))
    rig.pass(60_000)
    await rig.recordings.collect('1')
    expect(rig.row('1')).toMatchObject({ state: 'damaged' })
    expect(rig.filed()).toHaveLength(2)
    await dueNights()
    expect(rig.filed()).toEqual([])
    expect(rig.findings()).toEqual([])
  })

  test('is kept for ever where its kind has no rule, and only then', async () => {
    await rig.record('1', 'closed', 'out')
    await rig.record('2')
    await dueNights()
    expect([stateOf('1'), stateOf('2')]).toEqual(['stored', 'deleted'])
  })

  test('however long it lay there, goes no sooner than a week after it was announced', async () => {
    await rig.record('1')
    rig.days(4_000)
    expect(await rig.retention.run()).toMatchObject({ announced: 1, deleted: 0 })
    expect(await rig.retention.run()).toMatchObject({ announced: 1, deleted: 0 })
    expect(stateOf('1')).toBe('stored')
  })

  test('leaves the list when its case moves, and waits another week when it comes back', async () => {
    await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    rig.sql("UPDATE tickets SET updated_at = ? WHERE code = 'HP26-000001'", rig.state.now.toISOString())
    rig.days(1)
    await rig.retention.run()
    expect((await rig.retention.view(CHIEF)).next.total).toBe(0)
    rig.days(40)
    expect(await rig.retention.run()).toMatchObject({ announced: 1, deleted: 0 })
  })
})

describe('R105: stays, and the run says by what', () => {
  test.each([
    [
      'caseOpen',
      () => {
        rig.sql("UPDATE tickets SET state = 'assigned'")
      },
    ],
    [
      'held',
      () => {
        rig.retention.hold({ ticketCode: 'HP26-000001', reason: REASON }, CHIEF)
      },
    ],
    [
      'held',
      () => {
        rig.retention.hold({ recordingId: rig.row('1').id, reason: REASON }, CHIEF)
      },
    ],
    [
      'unsealed',
      () => {
        rig.sql("UPDATE recordings SET ended_at = '2020-01-01T00:00:00.000Z'")
      },
    ],
    [
      'unsealed',
      () => {
        rig.sql('UPDATE calls SET operator_id = 99')
      },
    ],
    [
      'altered',
      () => {
        rig.sql(`UPDATE recordings SET state = 'damaged', flags = '["altered"]'`)
      },
    ],
    [
      'disclosed',
      () => {
        rig.sql(
          `INSERT INTO disclosures (revision, state, ticket_code, recording_id, unit_id, requester_id, requested_at, reason,
            asked_mode, asked_hours, asked_people) VALUES (1, 'requested', 'HP26-000001', ?, 'u', 5, '', '', 'play', 1, '[5]')`,
          rig.row('1').id,
        )
      },
    ],
    [
      'caseOpen',
      () => {
        // It follows a case that is not over.
        rig.sql(
          `INSERT INTO tickets (code, state, channel, created_at, updated_at) VALUES ('HP26-000009', 'assigned', 'phone', '2026', '2026-03-01')`,
        )
        rig.sql(
          "UPDATE tickets SET follows_id = (SELECT id FROM tickets WHERE code = 'HP26-000009') WHERE code = 'HP26-000001'",
        )
      },
    ],
  ])('%s', async (blocker, keep) => {
    await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    keep()
    rig.days(7)
    expect(await rig.retention.run()).toMatchObject({ deleted: 0, blocked: [{ blocker, count: 1 }] })
    expect(rig.filed()).toHaveLength(1)
    expect(stateOf('1')).not.toBe('deleted')
  })

  test('an access that ran out keeps nothing', async () => {
    const id = await rig.record('1')
    rig.sql(
      `INSERT INTO disclosures (revision, state, ticket_code, recording_id, unit_id, requester_id, requested_at, reason, asked_mode,
        asked_hours, asked_people, expires_at) VALUES (2, 'approved', 'HP26-000001', ?, 'u', 5, '', '', 'play', 1, '[5]', ?)`,
      id,
      rig.state.now.toISOString(),
    )
    await dueNights()
    expect(stateOf('1')).toBe('deleted')
  })

  test('a hold that is lifted lets it go, another week later; lifting it again is refused', async () => {
    const id = await rig.record('1')
    const { id: holdId } = rig.retention.hold({ recordingId: id, reason: REASON }, CHIEF)
    await dueNights()
    expect(stateOf('1')).toBe('stored')
    expect((await rig.retention.view(ADMIN)).holds).toMatchObject([
      { recordingId: id, reason: REASON, setByName: 'người 3', liftedAt: null },
    ])
    rig.retention.lift(holdId, { reason: 'Cơ quan công an đã kết luận' }, ADMIN)
    expect(codeOf(() => rig.retention.lift(holdId, { reason: REASON }, CHIEF))).toBe('HOLD_LIFTED')
    await rig.retention.run()
    rig.days(7)
    await rig.retention.run()
    expect(stateOf('1')).toBe('deleted')
    expect(rig.audits.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['hold.placed', CHIEF.id],
      ['hold.lifted', ADMIN.id],
      ['recording.deleted', null],
    ])
    expect(codeOf(() => rig.retention.hold({ recordingId: id, reason: REASON }, CHIEF))).toBe(
      'RECORDING_DELETED',
    )
    expect(codeOf(() => rig.retention.hold({ ticketCode: 'HP26-999999', reason: REASON }, CHIEF))).toBe(
      'TICKET_NOT_FOUND',
    )
  })
})

describe('R060: a crash', () => {
  test('after row and chain, before the files: the next run removes them', async () => {
    const id = await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    rig.days(7)
    rig.faults.removeFails = Object.assign(new Error('EIO'), { code: 'EIO' })
    expect(await rig.retention.run()).toMatchObject({ deleted: 1, failed: 1 })
    expect(stateOf('1')).toBe('deleted')
    expect(rig.findings()).toEqual([`FILE_NOT_REMOVED recording:${String(id)}`])
    expect((await rig.retention.view(CHIEF)).deleted.items).toMatchObject([{ removedAt: null }])
    rig.faults.removeFails = undefined
    expect(await rig.open().finishAll()).toBe(0)
    expect(rig.filed()).toEqual([])
    expect(rig.findings()).toEqual([])
    expect((await rig.retention.view(CHIEF)).deleted.items[0]?.removedAt).not.toBeNull()
  })

  test('after the files, before that is written: the next run writes it', async () => {
    await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    rig.days(7)
    rig.faults.beforeRemove = () => {
      for (const file of rig.filed()) rmSync(join(rig.folder, file))
      throw new Error('killed')
    }
    await rig.retention.run()
    rig.faults.beforeRemove = undefined
    expect(rig.findings()).toEqual([])
    expect(await rig.open().finishAll()).toBe(0)
    expect(rig.kept.unfinished(10)).toEqual([])
  })

  test('in the transaction: nothing has happened', async () => {
    await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    rig.days(7)
    rig.sql("CREATE TRIGGER t BEFORE INSERT ON recording_seals BEGIN SELECT RAISE(ABORT, 'killed'); END")
    await expect(rig.retention.run()).rejects.toThrow('killed')
    expect(stateOf('1')).toBe('stored')
    rig.sql('DROP TRIGGER t')
    expect(rig.findings()).toEqual([])
    expect(await rig.retention.run()).toMatchObject({ deleted: 1 })
  })
})

describe('a backup from before it was deleted', () => {
  /** Puts the database back, and the file where it was copied too. */
  async function restored(withFile: boolean): Promise<RetentionRig> {
    const id = await rig.record('1')
    rig.days(40)
    await rig.retention.run()
    const file = join(rig.folder, rig.row('1').file ?? '')
    const copy = join(rig.root, 'copy.wav')
    copyFileSync(file, copy)
    await rig.db.raw.backup(join(rig.root, 'backup.sqlite'))
    rig.days(7)
    await rig.retention.run()
    expect(rig.filed()).toEqual([])
    const later = rig.state.now
    await rig.halt()
    for (const log of ['-wal', '-shm']) rmSync(join(rig.root, `tongdai.sqlite${log}`), { force: true })
    copyFileSync(join(rig.root, 'backup.sqlite'), join(rig.root, 'tongdai.sqlite'))
    if (withFile) copyFileSync(copy, file)
    const again = createRetentionRig(undefined, rig.root)
    again.state.now = later
    expect(again.findings()).toEqual(withFile ? [] : [`FILE_MISSING recording:${String(id)}`])
    return again
  }

  test.each([[true], [false]])(
    'brings it back, and the job deletes it again; its file was in it: %o',
    async (withFile) => {
      rig = await restored(withFile)
      expect(await rig.retention.run()).toMatchObject({ deleted: 1, failed: 0 })
      expect(rig.filed()).toEqual([])
      expect(rig.findings()).toEqual([])
    },
  )
})

describe('R060: tongdai verify', () => {
  test('names a file that is gone without a link that says so, also where the row says it was deleted', async () => {
    const id = await rig.record('1')
    rmSync(join(rig.folder, rig.row('1').file ?? ''))
    expect(rig.findings()).toEqual([`FILE_MISSING recording:${String(id)}`])
    rig.sql("UPDATE recordings SET state = 'deleted'")
    expect(rig.findings()).toEqual([
      `RECORDING_ROW_CHANGED recording:${String(id)}`,
      `FILE_MISSING recording:${String(id)}`,
    ])
  })

  test('names a deleted file that somebody brought back, and a deletion that was made undone', async () => {
    const id = await rig.record('1')
    const file = join(rig.folder, rig.row('1').file ?? '')
    await dueNights()
    writeFileSync(file, 'back')
    expect(rig.findings()).toEqual([`FILE_NOT_REMOVED recording:${String(id)}`])
    rig.sql("UPDATE recordings SET state = 'stored'")
    expect(rig.findings()).toEqual([
      `RECORDING_ROW_CHANGED recording:${String(id)}`,
      `FILE_NOT_REMOVED recording:${String(id)}`,
    ])
  })
})

describe('R068: before its time', () => {
  const ask = (id: number) => rig.retention.ask(id, { reason: 'Cuộc gọi nhầm, không có nội dung' }, CHIEF)

  test('one asks, another agrees, and it is gone', async () => {
    const id = await rig.record('1')
    rig.days(16)
    const asked = ask(id)
    expect(asked).toMatchObject({ state: 'requested', cause: 'early', actions: ['withdraw'], blockers: [] })
    expect(codeOf(() => ask(id))).toBe('DELETION_PENDING')
    await expect(rig.retention.approve(asked.id, { revision: 1 }, CHIEF)).rejects.toMatchObject({
      code: 'DELETION_OWN',
      kind: 'forbidden',
    })
    expect(await rig.retention.approve(asked.id, { revision: 1 }, ADMIN)).toMatchObject({
      state: 'approved',
      decidedByName: 'người 9',
      actions: [],
    })
    expect(rig.filed()).toEqual([])
    expect(rig.findings()).toEqual([])
    expect((await rig.retention.view(CHIEF)).deleted.items).toMatchObject([
      { cause: 'early', days: null, basis: 'Cuộc gọi nhầm, không có nội dung' },
    ])
    expect(rig.audits.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['deletion.requested', CHIEF.id],
      ['recording.deleted', ADMIN.id],
      ['deletion.approved', ADMIN.id],
    ])
    expect(codeOf(() => ask(id))).toBe('RECORDING_DELETED')
  })

  test('of two who decide at once, the second hears of it', async () => {
    const id = await rig.record('1')
    rig.days(16)
    const asked = ask(id)
    rig.retention.refuse(asked.id, { revision: 1, reason: 'Còn cần để xác minh' }, ADMIN)
    await expect(rig.retention.approve(asked.id, { revision: 1 }, ADMIN)).rejects.toMatchObject({
      code: 'DELETION_CHANGED',
      kind: 'conflict',
    })
    expect(codeOf(() => rig.retention.withdraw(asked.id, { revision: 2 }, CHIEF))).toBe('DELETION_CHANGED')
    expect(stateOf('1')).toBe('stored')
  })

  test('not what something keeps: neither when it is asked for nor by the time it is decided', async () => {
    const id = await rig.record('1')
    expect(codeOf(() => ask(id))).toBe('RECORDING_KEPT')
    rig.days(16)
    const asked = ask(id)
    rig.retention.hold({ ticketCode: 'HP26-000001', reason: REASON }, ADMIN)
    await expect(rig.retention.approve(asked.id, { revision: 1 }, ADMIN)).rejects.toMatchObject({
      code: 'RECORDING_KEPT',
      details: { blockers: ['held'] },
    })
    expect(stateOf('1')).toBe('stored')
    expect((await rig.retention.view(ADMIN)).requests).toMatchObject([
      { state: 'requested', blockers: ['held'] },
    ])
  })

  test('what went by rule meanwhile is not waited for any more', async () => {
    const id = await rig.record('1')
    rig.days(16)
    const asked = ask(id)
    await dueNights()
    expect((await rig.retention.view(ADMIN)).requests).toMatchObject([
      { id: asked.id, state: 'overtaken', actions: [] },
    ])
  })
})

test('what was deleted, held and asked for stays written, whoever has the database', async () => {
  const id = await rig.record('1')
  rig.retention.hold({ ticketCode: 'HP26-000001', reason: REASON }, CHIEF)
  expect(() => {
    rig.sql('DELETE FROM retention_holds')
  }).toThrow()
  rig.sql("UPDATE retention_holds SET lifted_at = 'x'")
  expect(() => {
    rig.sql("UPDATE retention_holds SET reason = 'y'")
  }).toThrow()
  rig.days(20)
  rig.retention.ask(id, { reason: REASON }, CHIEF)
  expect(() => {
    rig.sql('DELETE FROM deletion_requests')
  }).toThrow()
  await dueNights()
  expect(() => {
    rig.sql('DELETE FROM recording_deletions')
  }).toThrow()
  expect(() => {
    rig.sql("UPDATE recording_deletions SET cause = 'early'")
  }).toThrow()
})

test('R105: the same person holds a thing once; another may hold it too, and after lifting it goes again', async () => {
  const id = await rig.record('1')
  const hold = (by: typeof CHIEF) => rig.retention.hold({ recordingId: id, reason: REASON }, by)
  const first = hold(CHIEF)
  expect(codeOf(() => hold(CHIEF))).toBe('HOLD_STANDS')
  hold(ADMIN)
  rig.retention.hold({ ticketCode: 'HP26-000001', reason: REASON }, CHIEF)
  rig.retention.lift(first.id, { reason: REASON }, CHIEF)
  hold(CHIEF)
  expect((await rig.retention.view(CHIEF)).holds.filter(({ liftedAt }) => liftedAt === null)).toHaveLength(3)
})
