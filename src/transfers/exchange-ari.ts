import type { AmiClient } from '../asterisk/ami-client.ts'
import type { AriClient, AriRecord } from '../asterisk/ari-client.ts'
import { AppError } from '../platform/errors.ts'
import type { Exchange, Leg, LegSurvey } from './service.ts'

/** Seconds a number rings before the next one is tried. */
const RING_SECONDS = 25
const MUSIC_CLASS = 'hotline-transfer'
const BRIDGE = /^transfer-([0-9a-z]+)-(?:talk|consult)$/
/** How often a talk that is only just beginning is asked for; app_queue takes some milliseconds, and more under load. */
const TALK_TRIES = 10
const TALK_PAUSE_MS = 50
/** How often a leg on its way into the dialplan is asked for before the citizen is sent after it. */
const LEAVE_TRIES = 20
const LEAVE_PAUSE_MS = 10

/** Legs and bridges of transfers over AMI (the move out of the queue) and ARI (all else). Every request may be repeated. */
export function createExchange(deps: {
  readonly ami: Pick<AmiClient, 'action' | 'list'>
  readonly ari: Pick<AriClient, 'request' | 'hangup' | 'channels' | 'bridges'>
  /** Number shown to agencies. */
  readonly hotline: string
  /** `PJSIP/op-3-0000001a` → 3. */
  readonly operatorOf: (channel: string) => number | null
}): Exchange {
  const { ami, ari } = deps
  const channel = (leg: string, rest = '') => `/channels/${encodeURIComponent(leg)}${rest}`
  const bridge = (id: string, place: 'talk' | 'consult') => `transfer-${id}-${place}`

  /** Over AMI: a variable set over ARI can leave the channel's own thread without the right to write the journal (22.10). */
  async function set(leg: string, variables: Readonly<Record<string, string>>): Promise<void> {
    for (const [Variable, Value] of Object.entries(variables)) {
      await ami.action({ Action: 'Setvar', Channel: leg, Variable, Value })
    }
  }

  async function go(leg: string, context: string, extension = 's'): Promise<void> {
    await ari.request('POST', channel(leg, '/continue'), { query: { context, extension, priority: '1' } })
  }

  /** Sends a leg to wait in the dialplan, where the citizen's Bridge() finds it. */
  async function park(leg: string): Promise<void> {
    await go(leg, 'hotline-fetch')
    for (let tries = 0; tries < LEAVE_TRIES; tries += 1) {
      const found = await ari.request('GET', channel(leg))
      if (dialplanOf(found).app !== 'Stasis') return
      await new Promise((resolve) => setTimeout(resolve, LEAVE_PAUSE_MS))
    }
  }

  /** `coming`: the operator has picked up, and the queue is about to bring both together. */
  async function talkNow(
    callId: string,
    operatorId: number,
  ): Promise<{ citizen: Leg; operator: Leg } | 'coming' | undefined> {
    const channels = (await ami.list({ Action: 'CoreShowChannels' })).map(({ fields }) => fields)
    const citizen = channels.find(({ uniqueid }) => uniqueid === callId)
    if (citizen === undefined) return undefined
    const operators = channels.filter(({ channel: name = '' }) => deps.operatorOf(name) === operatorId)
    const bridgeId = citizen['bridgeid'] ?? ''
    if (bridgeId === '') {
      return operators.some(({ linkedid }) => linkedid === citizen['linkedid']) ? 'coming' : undefined
    }
    const operator = operators.find((fields) => fields['bridgeid'] === bridgeId)
    const [ours, theirs] = [citizen, operator].map((fields): Leg | undefined => {
      const { uniqueid: id, channel: name } = fields ?? {}
      return id === undefined || name === undefined ? undefined : { id, name }
    })
    if (ours === undefined) return undefined
    return theirs === undefined ? 'coming' : { citizen: ours, operator: theirs }
  }

  return {
    async legs(callId, operatorId) {
      for (let tries = 0; tries < TALK_TRIES; tries += 1) {
        const found = await talkNow(callId, operatorId)
        if (found !== 'coming') return found
        await new Promise((resolve) => setTimeout(resolve, TALK_PAUSE_MS))
      }
      return undefined
    },
    async move(id, citizen, operator) {
      await ami.action({
        Action: 'Redirect',
        Channel: citizen,
        Context: 'hotline-transfer-citizen',
        Exten: id,
        Priority: '1',
        ExtraChannel: operator,
        ExtraContext: 'hotline-transfer-operator',
        ExtraExten: id,
        ExtraPriority: '1',
      })
    },
    async dial(transfer, attempt) {
      await ari.request('POST', '/channels', {
        query: {
          endpoint: `PJSIP/${attempt.dial}@trunk`,
          channelId: attempt.leg,
          context: 'hotline-agency',
          extension: 's',
          priority: '1',
          timeout: String(RING_SECONDS),
          callerId: deps.hotline,
        },
        body: {
          variables: {
            HOTLINE_TRANSFER: transfer.id,
            HOTLINE_ASK: attempt.target.ask ? '1' : '0',
            HOTLINE_REC: attempt.recording,
            CALL_ID: transfer.callId,
            CITIZEN_CHANNEL: transfer.citizenChannel,
          },
        },
      })
    },
    async join(id, place, legs) {
      // A bridge that is there already answers 409.
      await tolerate(ari.request('POST', `/bridges/${bridge(id, place)}`, { query: { type: 'mixing' } }))
      await Promise.all(
        legs.flatMap(({ leg, from }) => [
          ...(from === undefined || from === 'music'
            ? [tolerate(ari.request('DELETE', channel(leg, '/moh')))]
            : []),
          ...(from === undefined || from === 'ringback'
            ? [tolerate(ari.request('DELETE', channel(leg, '/ring')))]
            : []),
        ]),
      )
      const query = { channel: legs.map(({ leg }) => leg).join(',') }
      await ari.request('POST', `/bridges/${bridge(id, place)}/addChannel`, { query })
    },
    async part(id, leg, to, from) {
      for (const left of ['talk', 'consult'] as const) {
        if (from !== undefined && from !== left) continue
        const path = `/bridges/${bridge(id, left)}/removeChannel`
        await tolerate(ari.request('POST', path, { query: { channel: leg } }))
      }
      if (to === 'music')
        await ari.request('POST', channel(leg, '/moh'), { query: { mohClass: MUSIC_CLASS } })
      else await ari.request('POST', channel(leg, '/ring'))
    },
    async handToAgency(transferId, citizen, agency) {
      const found = await ari.request('GET', channel(agency))
      await Promise.all([
        set(citizen.name, { HOTLINE_PARTNER: nameOf(found), HOTLINE_TRANSFER: transferId }),
        park(agency),
      ])
      await go(citizen.id, 'hotline-handover', 'agency')
    },
    async handToOperator(citizen, operator, operatorId) {
      await Promise.all([
        set(citizen.name, {
          HOTLINE_PARTNER: operator.name,
          HOTLINE_LEG: operator.id,
          HOTLINE_MEMBER: `op-${String(operatorId)}`,
        }),
        park(operator.id),
      ])
      await go(citizen.id, 'hotline-handover', 'operator')
    },
    handToQueue: (citizen, why) => go(citizen, 'hotline-back', why === 'left' ? 's' : 'unreached'),
    hangUp: (leg) => ari.hangup(leg),
    async cleanUp(id) {
      for (const place of ['talk', 'consult'] as const) {
        await tolerate(ari.request('DELETE', `/bridges/${bridge(id, place)}`))
      }
    },
    async survey() {
      const [channels, bridges] = await Promise.all([ari.channels(), ari.bridges()])
      return {
        legs: channels.map(legOf),
        bridges: bridges.flatMap(({ id }) => {
          const transferId = BRIDGE.exec(id)?.[1]
          return transferId === undefined ? [] : [transferId]
        }),
      }
    },
  }
}

/** Where a leg is by what the PBX says of it. */
function legOf(found: AriRecord): LegSurvey {
  const { app, data } = dialplanOf(found)
  const [, role, transferId] = app === 'Stasis' ? data.split(',') : []
  return {
    id: found.id,
    name: nameOf(found),
    isUp: found['state'] === 'Up',
    inStasis: app === 'Stasis',
    role: role === 'citizen' || role === 'operator' || role === 'agency' ? role : null,
    transferId: transferId ?? null,
  }
}

function dialplanOf(found: unknown): { readonly app: string; readonly data: string } {
  const dialplan = fieldOf(found, 'dialplan')
  return { app: textOf(fieldOf(dialplan, 'app_name')), data: textOf(fieldOf(dialplan, 'app_data')) }
}

function nameOf(found: unknown): string {
  return textOf(fieldOf(found, 'name'))
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Gone already, or already elsewhere, is what was wanted. */
async function tolerate(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.kind === 'unavailable') throw cause
  }
}
