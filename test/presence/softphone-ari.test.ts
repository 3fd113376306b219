import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createSoftphones, type DeskPhones, type Softphones } from '../../src/presence/softphone-ari.ts'
import { OPERATOR, SUPERVISOR } from '../support/desk.ts'

type Fields = readonly { readonly attribute: string; readonly value: string }[]

/** The PBX's memory of dynamic configuration. */
let memory: Map<string, Fields>
let away: boolean
let phones: Softphones

const KEY = randomBytes(32)
/** Outlives the service, as its database does. */
let held: Map<number, Person>
const desks: DeskPhones = {
  all: () => [...held.values()],
  add(personId) {
    held.set(personId, personId === OPERATOR.id ? OPERATOR : SUPERVISOR)
  },
  drop(personId) {
    held.delete(personId)
  },
}
const check = () => {
  if (away) throw new AppError('unavailable', 'ARI_DOWN', 'away')
}
function start(displayName = (person: { name: string }) => person.name): void {
  phones = createSoftphones({
    ari: {
      request: async (_method: string, path: string) => {
        check()
        const id = path.split('/').slice(-2).join('/')
        if (!memory.has(id)) throw new AppError('notFound', 'ARI_NOT_FOUND', 'no such object')
        return memory.get(id)
      },
      deleteDynamic: async (type: string, id: string) => {
        check()
        memory.delete(`${type}/${id}`)
      },
      putDynamic: async (type: string, id: string, fields: Fields) => {
        check()
        memory.set(`${type}/${id}`, fields)
      },
    },
    domain: '1022.example',
    displayName,
    deskKey: KEY,
    desks,
  })
}
const field = (id: string, attribute: string) =>
  memory.get(id)?.find((each) => each.attribute === attribute)?.value

beforeEach(() => {
  memory = new Map()
  held = new Map()
  away = false
  start()
})

describe('a softphone’s account', () => {
  it('is in the PBX before it is handed out, under a secret nobody can guess', async () => {
    const account = await phones.account(OPERATOR, 'browser')
    expect(account).toMatchObject({ uri: 'sip:op-1@1022.example', username: 'op-1', path: '/sip' })
    expect(account.password).toMatch(/^[\w-]{32}$/)
    expect(field('auth/op-1', 'password')).toBe(account.password)
    expect(field('aor/op-1', 'max_contacts')).toBe('1')
    expect(field('aor/op-1', 'remove_existing')).toBe('yes')
    expect(field('endpoint/op-1', 'webrtc')).toBe('yes')
    expect(field('endpoint/op-1', 'allow_transfer')).toBe('no')
  })

  it('stays the same over a restart of the service, so that registered phones stay registered', async () => {
    const before = await phones.account(OPERATOR, 'browser')
    start()
    expect((await phones.account(OPERATOR, 'browser')).password).toBe(before.password)
  })

  it('of a desk phone is put into a restarted PBX by a restarted service: the phone asks nobody', async () => {
    const desk = await phones.account(OPERATOR, 'desk')
    await phones.account(SUPERVISOR, 'desk')
    await phones.account(SUPERVISOR, 'browser') // a page has it now, and asks again itself
    start()
    memory.clear()
    await phones.pushAll()
    expect(field('auth/op-1', 'password')).toBe(desk.password)
    expect([...memory.keys()].filter((key) => key.startsWith('auth/'))).toEqual(['auth/op-1'])
    await phones.remove(OPERATOR.id)
    start()
    memory.clear()
    await phones.pushAll()
    expect(memory.size).toBe(0)
  })

  it('is put into a restarted PBX again, with the secret the phone has', async () => {
    const account = await phones.account(OPERATOR, 'browser')
    memory.clear()
    await phones.pushAll()
    expect(field('auth/op-1', 'password')).toBe(account.password)
  })

  it('of a desk phone is the same for ever, stored nowhere, and another for each person', async () => {
    const first = await phones.account(OPERATOR, 'desk')
    memory.clear()
    start()
    expect((await phones.account(OPERATOR, 'desk')).password).toBe(first.password)
    expect((await phones.account(SUPERVISOR, 'desk')).password).not.toBe(first.password)
    expect(field('endpoint/op-1', 'webrtc')).toBeUndefined()
  })

  it('says so when the PBX is away', async () => {
    away = true
    await expect(phones.account(OPERATOR, 'browser')).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('carries no name that could end its own line or quotes', async () => {
    start(() => 'A"b<c>\r\n\\d')
    await phones.account(OPERATOR, 'browser')
    expect(field('endpoint/op-1', 'callerid')).toBe('Abcd <op-1>')
  })
})

describe('somebody who left', () => {
  it('has no endpoint any more', async () => {
    await phones.account(OPERATOR, 'browser')
    await phones.remove(OPERATOR.id)
    expect(memory.size).toBe(0)
    await phones.remove(OPERATOR.id)
    await phones.pushAll()
    expect(memory.size).toBe(0)
  })

  it('while the PBX was away is taken out when it is back', async () => {
    await phones.account(OPERATOR, 'browser')
    away = true
    await expect(phones.remove(OPERATOR.id)).rejects.toMatchObject({ kind: 'unavailable' })
    away = false
    await phones.pushAll()
    expect(memory.size).toBe(0)
  })

  it('and came back gets a phone again', async () => {
    await phones.account(OPERATOR, 'browser')
    away = true
    await phones.remove(OPERATOR.id).catch(() => undefined)
    away = false
    await phones.account(OPERATOR, 'browser')
    await phones.pushAll()
    expect(memory.size).toBe(3)
  })
})
