import type { AmiExchange } from './ami-exchange.ts'
import type { LinkLog } from './link.ts'

/**
 * What the package sends at sign-in is no header of Asterisk's (M5): asked in so many words. The filters are of this session
 * alone and added to those of manager.conf (Asterisk 22.1 `MatchCriteria`). A PBX that refuses them sends more than needed.
 */
export async function askForEvents(
  exchange: Pick<AmiExchange, 'action'>,
  { events, log }: { readonly events: readonly string[] | undefined; readonly log: LinkLog },
): Promise<void> {
  await exchange.action({ Action: 'Events', EventMask: 'on' })
  if (events === undefined) return
  const names = [...events, 'FullyBooted', 'OriginateResponse']
  const answers = await Promise.all(
    names.map((name) =>
      exchange.action(
        { Action: 'Filter', Operation: 'Add', MatchCriteria: `action(include),name(${name})` },
        { tolerate: true },
      ),
    ),
  )
  if (answers.some(({ fields }) => fields['response'] !== 'Success')) {
    log.warn(
      { link: 'ami' },
      'the PBX does not filter events: may the AMI user write "system"? Filtering here',
    )
  }
}
