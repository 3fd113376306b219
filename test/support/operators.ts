import { join } from 'node:path'
import { type AriClient } from '../../src/asterisk/ari-client.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type PhoneKind, createSoftphones } from '../../src/presence/softphone-ari.ts'
import { type DeskPhone, startDeskPhone } from './desk-phone.ts'
import { type TestPbx } from './pbx.ts'

/** An operator whose endpoint the PBX knows, in the form the service gives it. */
export interface TestOperator {
  readonly member: string
  readonly username: string
  readonly password: string
}

/** Creates the endpoint of operator `id` over ARI, as the service does, without the service. */
export async function pushEndpoint(
  pbx: TestPbx,
  id: number,
  options: { readonly kind?: PhoneKind; readonly rtpTimeoutSeconds?: number } = {},
): Promise<TestOperator> {
  const { kind = 'desk', rtpTimeoutSeconds } = options
  const softphones = createSoftphones({
    desks: { all: () => [], add: () => undefined, drop: () => undefined },
    ari: plainAri(pbx, rtpTimeoutSeconds === undefined ? {} : { rtp_timeout: String(rtpTimeoutSeconds) }),
    domain: '127.0.0.1',
    displayName: ({ name }) => name,
    deskKey: Buffer.from('test key of desk phones'),
  })
  const { username, password } = await softphones.account(
    {
      id,
      username: `op${String(id)}`,
      name: `Điện thoại viên ${String(id)}`,
      role: 'operator',
      unitId: null,
      active: true,
      mustChangePassword: false,
    },
    kind,
  )
  return { member: `op-${String(id)}`, username, password }
}

/** Puts the operator into the queue, as the service does at "ready". */
export async function joinQueue(pbx: TestPbx, { member }: TestOperator, queue = 'hotline'): Promise<void> {
  await pbx.look().send('QueueAdd', {
    Queue: queue,
    Interface: `PJSIP/${member}`,
    MemberName: member,
    StateInterface: `PJSIP/${member}`,
    Paused: '0',
  })
}

/** Takes the operator out of the queue. */
export async function leaveQueue(pbx: TestPbx, { member }: Pick<TestOperator, 'member'>): Promise<void> {
  await pbx.look().send('QueueRemove', { Queue: 'hotline', Interface: `PJSIP/${member}` })
}

/** Takes everybody out of the queue, whoever a test left there. */
export async function emptyQueue(pbx: TestPbx): Promise<void> {
  const lines = pbx.look()
  const members = new Set<string>()
  const off = lines.onEvent((event) => {
    if (event['Event'] === 'QueueMember') members.add(event['Name'] ?? '')
  })
  const complete = lines.waitFor((event) => event['Event'] === 'QueueStatusComplete', 5_000)
  await Promise.all([complete, lines.send('QueueStatus', { Queue: 'hotline' })]).finally(off)
  for (const member of members) await leaveQueue(pbx, { member })
}

/** A desk phone of the operator, registered. */
export async function plugIn(
  pbx: TestPbx,
  operator: TestOperator,
  options: { readonly autoAnswer?: boolean } = {},
): Promise<DeskPhone> {
  const { username, password } = operator
  return startDeskPhone({
    install: pbx.install,
    username,
    password,
    pbxPort: pbx.ports.sip,
    speaks: join(pbx.voices.voicesDir, 'tone880.wav'),
    ...options,
  })
}

/** ARI by fetch alone; `changed` sets attributes otherwise than the service would. */
function plainAri(
  pbx: TestPbx,
  changed: Readonly<Record<string, string>>,
): Pick<AriClient, 'request' | 'putDynamic' | 'deleteDynamic'> {
  const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.secret}`).toString('base64')}`
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${pbx.ari.url}/ari${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.status === 404) throw new AppError('notFound', 'ARI_NOT_FOUND', path)
    if (!response.ok) throw new Error(`ARI answered ${String(response.status)} to ${method} ${path}`)
    return response.status === 204 ? undefined : response.json()
  }
  return {
    request: (method, path, options) => request(method, path, options?.body),
    putDynamic: async (type, id, fields) => {
      await request('PUT', `/asterisk/config/dynamic/res_pjsip/${type}/${id}`, {
        fields: fields.map(({ attribute, value }) => ({ attribute, value: changed[attribute] ?? value })),
      })
    },
    deleteDynamic: async (type, id) => {
      await request('DELETE', `/asterisk/config/dynamic/res_pjsip/${type}/${id}`)
    },
  }
}
