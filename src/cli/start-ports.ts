import { type Environment } from './environment.ts'
import { type PortKind, isPortFree } from './free-ports.ts'
import { PORT_VARIABLES, type PortVariable, StartPlanError, readPort } from './start-plan.ts'

/** How far from its first choice a port is looked for. */
const REACH = 400

/** A port for each name: the one the environment asks for, else the first free one from its default on. Throws StartPlanError when an asked one is taken. */
export async function chooseStartPorts(
  environment: Environment,
): Promise<Readonly<Record<PortVariable, number>>> {
  const taken = new Set<string>()
  const choose = async (name: PortVariable): Promise<number> => {
    const { kind, from } = PORT_VARIABLES[name]
    const asked = readPort(environment, name)
    const port =
      asked === undefined ? await nextFree(kind, from, taken) : await requireFree(kind, asked, name)
    taken.add(`${kind} ${String(port)}`)
    return port
  }
  return {
    AMI_PORT: await choose('AMI_PORT'),
    PBX_HTTP_PORT: await choose('PBX_HTTP_PORT'),
    PBX_SIP_PORT: await choose('PBX_SIP_PORT'),
    NETWORK_AMI_PORT: await choose('NETWORK_AMI_PORT'),
    NETWORK_SIP_PORT: await choose('NETWORK_SIP_PORT'),
  }
}

async function nextFree(kind: PortKind, from: number, taken: ReadonlySet<string>): Promise<number> {
  for (let port = from; port < from + REACH; port += 1) {
    if (!taken.has(`${kind} ${String(port)}`) && (await isPortFree(kind, port))) return port
  }
  throw new StartPlanError(`No free ${kind} port from ${String(from)} to ${String(from + REACH)}.`)
}

async function requireFree(kind: PortKind, port: number, name: string): Promise<number> {
  if (await isPortFree(kind, port)) return port
  throw new StartPlanError(
    `${name}: port ${String(port)} is taken by another program. Choose another, or unset ${name}.`,
  )
}
