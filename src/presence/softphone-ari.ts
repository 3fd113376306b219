import { createHmac, randomBytes } from 'node:crypto'
import type { Person } from '../accounts/contract.ts'
import type { AriClient } from '../asterisk/ari-client.ts'
import { AppError } from '../platform/errors.ts'
import type { PhoneAccount } from './contract.ts'

export type PhoneKind = 'browser' | 'desk'

export interface Softphones {
  /** Makes sure the PBX knows the person's endpoint and gives what a phone registers with. Throws `unavailable`. */
  account(person: Person, kind: PhoneKind): Promise<PhoneAccount>
  /** Puts every endpoint handed out before into the PBX again: its memory is empty after a restart. */
  pushAll(): Promise<void>
  /** Takes a person's endpoint out of the PBX; while the PBX is away, at the next resync. */
  remove(personId: number): Promise<void>
}

export interface SoftphoneDeps {
  readonly ari: Pick<AriClient, 'request' | 'putDynamic' | 'deleteDynamic'>
  readonly domain: string
  /** Names of people for the endpoint's caller id. */
  readonly displayName: (person: Person) => string
  /** Key of this installation; desk phones keep their password over restarts, derived from it and stored nowhere. */
  readonly deskKey: Buffer
  readonly desks: DeskPhones
}

/** Who has a desk phone. Unlike a page, it asks nobody for its account when a restarted PBX does not know it any more. */
export interface DeskPhones {
  all(): readonly Person[]
  add(personId: number): void
  drop(personId: number): void
}

type Fields = readonly { readonly attribute: string; readonly value: string }[]

/** Seconds without any RTP after which the PBX gives up a leg: a vanished browser sends no goodbye. */
const RTP_TIMEOUT_S = '10'

/**
 * Operators' endpoints by ARI dynamic configuration (Asterisk res_ari_asterisk, sorcery wizard `memory`): no password
 * is ever in a file. A browser's secret is random and lives in the PBX's memory alone, where a restarted service
 * finds it again, so that registered phones stay registered.
 */
export function createSoftphones({ ari, domain, displayName, deskKey, desks }: SoftphoneDeps): Softphones {
  /** Endpoints of people who left, still to be taken out. */
  const leaving = new Set<string>()
  const known = new Map<string, { person: Person; kind: PhoneKind; secret: string }>()

  const deskSecret = (id: string): string => createHmac('sha256', deskKey).update(id).digest('base64url')

  async function put(person: Person, kind: PhoneKind, secret: string): Promise<void> {
    const id = endpointOf(person)
    await ari.putDynamic('auth', id, toFields({ auth_type: 'userpass', username: id, password: secret }))
    await ari.putDynamic(
      'aor',
      id,
      toFields({
        max_contacts: '1',
        remove_existing: 'yes',
        qualify_frequency: kind === 'desk' ? '15' : '0',
      }),
    )
    await ari.putDynamic('endpoint', id, toFields(endpointFields(id, person, kind)))
  }

  function endpointFields(id: string, person: Person, kind: PhoneKind): Record<string, string> {
    const common = {
      aors: id,
      auth: id,
      context: 'from-operators',
      allow: '!all,alaw,ulaw',
      direct_media: 'no',
      allow_transfer: 'no',
      callerid: `${displayName(person).replace(/["<>\\\p{Cc}]/gu, '')} <${id}>`,
      rtp_timeout: RTP_TIMEOUT_S,
      rtp_timeout_hold: '3600',
      dtmf_mode: 'rfc4733',
    }
    // Asterisk 12+ `webrtc=yes` sets AVPF, ICE, rtcp-mux, DTLS-SRTP and a certificate of its own.
    return kind === 'browser'
      ? { ...common, webrtc: 'yes' }
      : { ...common, rtp_symmetric: 'yes', force_rport: 'yes', rewrite_contact: 'yes' }
  }

  /** The password in the PBX's memory, if this endpoint is still there. */
  async function secretInPbx(id: string): Promise<string | undefined> {
    try {
      const answer = await ari.request('GET', `/asterisk/config/dynamic/res_pjsip/auth/${id}`)
      if (!Array.isArray(answer)) return undefined
      const field = (answer as Fields).find(({ attribute }) => attribute === 'password')
      return field === undefined || field.value === '' ? undefined : field.value
    } catch (error) {
      if (error instanceof AppError && error.kind === 'notFound') return undefined
      throw error
    }
  }

  /** The endpoint first: without it the rest lets nobody in. */
  async function takeOut(id: string): Promise<void> {
    for (const type of ['endpoint', 'aor', 'auth'] as const) await ari.deleteDynamic(type, id)
    leaving.delete(id)
  }

  return {
    async account(person, kind) {
      const id = endpointOf(person)
      leaving.delete(id)
      const secret =
        kind === 'desk' ? deskSecret(id) : ((await secretInPbx(id)) ?? randomBytes(24).toString('base64url'))
      await put(person, kind, secret)
      known.set(id, { person, kind, secret })
      if (kind === 'desk') desks.add(person.id)
      else desks.drop(person.id)
      return {
        uri: `sip:${id}@${domain}`,
        username: id,
        password: secret,
        displayName: displayName(person),
        path: '/sip',
      }
    },
    async remove(personId) {
      const id = endpointOf({ id: personId })
      known.delete(id)
      desks.drop(personId)
      leaving.add(id)
      await takeOut(id)
    },
    async pushAll() {
      for (const id of [...leaving]) await takeOut(id)
      // Handed out by a process before this one.
      for (const person of desks.all()) {
        const id = endpointOf(person)
        if (!known.has(id)) known.set(id, { person, kind: 'desk', secret: deskSecret(id) })
      }
      for (const [id, { person, kind, secret }] of known) {
        if ((await secretInPbx(id)) !== secret) await put(person, kind, secret)
      }
    },
  }
}

export function endpointOf(person: Pick<Person, 'id'>): string {
  return `op-${String(person.id)}`
}

function toFields(values: Record<string, string>): { attribute: string; value: string }[] {
  return Object.entries(values).map(([attribute, value]) => ({ attribute, value }))
}
