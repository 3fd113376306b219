import { t } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import { useLine } from '../state/console-context.ts'
import { longestWaiting } from '../state/line.ts'
import { clock, secondsSince } from '../ui/format.ts'

const SHOWN = 6
/** From here on a wait is shown as long (R020: nobody should wait unheard). */
const LONG_WAIT_SECONDS = 60

/** How many citizens wait, and how long the longest has. */
export function WaitingCard() {
  const waiting = useLine((line) => line.waiting)
  const oldest = longestWaiting(waiting)
  const longest = oldest === undefined ? 0 : secondsSince(oldest.since, now.value)
  return (
    <section class="card waiting" aria-label={t('waiting.title')}>
      <h2>
        {t('waiting.title')}
        <span class={waiting.length > 0 ? 'count count-on' : 'count'}>{waiting.length}</span>
      </h2>
      {oldest === undefined ? (
        <p class="quiet">{t('waiting.none')}</p>
      ) : (
        <>
          <p class={longest >= LONG_WAIT_SECONDS ? 'longest longest-late' : 'longest'}>
            {t('waiting.longest')} <span class="clock">{clock(longest)}</span>
          </p>
          <ol class="waiting-list">
            {waiting.slice(0, SHOWN).map((caller) => (
              <li key={caller.callId}>
                <span class="number">{caller.display === '' ? t('number.hidden') : caller.display}</span>
                {caller.back && <span class="tag tag-bad">{t('waiting.back')}</span>}
                {caller.training && <span class="tag">{t('tag.training')}</span>}
                <span class="clock">{clock(secondsSince(caller.since, now.value))}</span>
              </li>
            ))}
          </ol>
          {waiting.length > SHOWN && (
            <p class="quiet">{t('waiting.more', { count: waiting.length - SHOWN })}</p>
          )}
        </>
      )}
    </section>
  )
}
