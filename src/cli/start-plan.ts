import { type Environment } from './environment.ts'
import { type Trunk } from './pbx-folder.ts'
import { type PortKind } from './free-ports.ts'

/** Which PBX the service is started with. */
export type StartPlan =
  | { readonly mode: 'simulated' }
  | { readonly mode: 'trunk'; readonly trunk: Trunk }
  | { readonly mode: 'attached' }

/** An environment `npm start` cannot work with; its message names the variables and what to do. */
export class StartPlanError extends Error {
  override readonly name = 'StartPlanError'
}

/** Variables that only make sense with a PBX that runs elsewhere. */
const OF_OTHER_PBX = ['AMI_HOST', 'AMI_USER', 'ARI_URL', 'ARI_USER', 'SIP_WS_URL', 'PBX_RECORDING_DIR']

/** Port variables of what `npm start` runs itself, each with the port it begins to look at. */
export const PORT_VARIABLES = {
  AMI_PORT: { kind: 'tcp', from: 5038 },
  PBX_HTTP_PORT: { kind: 'tcp', from: 8088 },
  PBX_SIP_PORT: { kind: 'udp', from: 5060 },
  NETWORK_AMI_PORT: { kind: 'tcp', from: 5138 },
  NETWORK_SIP_PORT: { kind: 'udp', from: 5160 },
} as const satisfies Readonly<Record<string, { readonly kind: PortKind; readonly from: number }>>
export type PortVariable = keyof typeof PORT_VARIABLES

/** Decides what to start; throws StartPlanError on a contradiction. */
export function planStart(environment: Environment): StartPlan {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  const trunk = readTrunk(environment)
  if (isSet('AMI_SECRET') && isSet('ARI_SECRET')) {
    if (trunk === undefined) return { mode: 'attached' }
    throw new StartPlanError(
      'AMI_SECRET and TRUNK_HOST are both set. TRUNK_HOST is for the PBX that npm start runs itself: unset it when you attach to a PBX of your own.',
    )
  }
  const [set, missing] = isSet('AMI_SECRET') ? ['AMI_SECRET', 'ARI_SECRET'] : ['ARI_SECRET', 'AMI_SECRET']
  if (isSet(set)) {
    throw new StartPlanError(
      `${set} is set but ${missing} is not. Set both to attach to a PBX of your own, or neither to have npm start run one.`,
    )
  }
  const stray = OF_OTHER_PBX.filter(isSet)
  if (stray.length > 0) {
    throw new StartPlanError(
      `${stray.join(', ')} ${stray.length === 1 ? 'names' : 'name'} a PBX of your own, but AMI_SECRET and ARI_SECRET are not set. Set both to attach to it, or unset ${stray.length === 1 ? 'it' : 'them'} to have npm start run a PBX.`,
    )
  }
  return trunk === undefined ? { mode: 'simulated' } : { mode: 'trunk', trunk }
}

/** The port a variable asks for; undefined when it asks for none. Throws StartPlanError when it is no port. */
export function readPort(environment: Environment, name: string): number | undefined {
  const text = environment[name] ?? ''
  if (text === '') return undefined
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new StartPlanError(`${name} is "${text}"; it takes a port from 1 to 65535.`)
}

function readTrunk(environment: Environment): Trunk | undefined {
  const { TRUNK_HOST: host = '', TRUNK_USER: user = '', TRUNK_SECRET: secret = '' } = environment
  if (host === '' && user === '' && secret === '') return undefined
  if (host === '') throw new StartPlanError('TRUNK_USER or TRUNK_SECRET is set, but TRUNK_HOST is not.')
  if (user === '' && secret === '') return { type: 'address', host }
  if (user === '' || secret === '') {
    throw new StartPlanError(
      'Set TRUNK_USER and TRUNK_SECRET both for a trunk that registers, or neither for one known by its address.',
    )
  }
  return { type: 'registered', host, user, secret }
}
