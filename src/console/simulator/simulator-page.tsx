import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { moment } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'

/** The simulated carrier's handsets: each SMS as its reader sees it. */
export function SimulatorPage() {
  const desk = useConsole()
  const handsets = useList(`#${String(desk.changes.value.sms)}`, desk.api.handsets)
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('simulator.title')}</h1>
        <p class="quiet">{t('simulator.what')}</p>
      </header>
      {handsets === null ? (
        <Skeleton rows={6} label={t('loading')} />
      ) : handsets.length === 0 ? (
        <Empty title={t('simulator.none')}>
          <p>{t('simulator.noneWhat')}</p>
        </Empty>
      ) : (
        <ul class="handsets" aria-live="polite">
          {handsets.map((handset) => (
            <li key={handset.phone} class="handset">
              <header>
                <h2>{handset.name ?? handset.display}</h2>
                {handset.name !== null && <p class="number quiet">{handset.display}</p>}
              </header>
              <ol>
                {handset.messages.map((message) => (
                  <li key={message.id} class="bubble">
                    <p>
                      <Linked text={message.text} />
                    </p>
                    <p class="bubble-at">{moment(message.at, minute.value)}</p>
                  </li>
                ))}
              </ol>
            </li>
          ))}
        </ul>
      )}
    </main>
  )
}

/** The bare slip address of an SMS, followed on this very server: the city's domain is not ours to open here. */
function Linked({ text }: { readonly text: string }) {
  const found = /\S+(\/p\/[\w-]+)/.exec(text)
  const path = found?.[1]
  if (found === null || path === undefined) return <>{text}</>
  const end = found.index + found[0].length
  return (
    <>
      {text.slice(0, found.index)}
      <a href={path} target="_blank" rel="noreferrer">
        {found[0]}
      </a>
      {text.slice(end)}
    </>
  )
}
