import { useState } from 'preact/hooks'
import type { PeriodQuery, UnitDigest } from '../../reports/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { useList } from '../ui/use-list.ts'
import { dayWords } from './periods.ts'

/** Says who would get the figures of a period by SMS before it sends them, and who did afterwards (Đ13.6). */
export function DigestDialog(props: { readonly days: PeriodQuery; readonly onClose: () => void }) {
  const { days, onClose } = props
  const desk = useConsole()
  const [sent, setSent] = useState<UnitDigest | null>(null)
  const [busy, setBusy] = useState(false)
  const plan = useList(JSON.stringify(days), () => desk.api.unitDigest(days))
  const send = async (): Promise<void> => {
    setBusy(true)
    try {
      const done = await desk.api.sendUnitDigest(days)
      setSent(done)
      sayDone(doneWords(done))
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setBusy(false)
    }
  }
  const shown = sent ?? plan
  return (
    <Dialog title={t('digest.title')} onClose={onClose}>
      <p class="quiet">{t('digest.what', { from: dayWords(days.from), to: dayWords(days.to) })}</p>
      {shown === null ? (
        <Skeleton rows={2} label={t('loading')} />
      ) : (
        <Outcome digest={shown} isSent={sent !== null} />
      )}
      <div class="dialog-actions">
        {sent !== null ? (
          <Button kind="primary" onClick={onClose}>
            {t('action.close')}
          </Button>
        ) : (
          plan !== null &&
          plan.people > 0 && (
            <Button
              kind="primary"
              busy={busy}
              onClick={() => {
                void send()
              }}
            >
              {t('digest.send', { people: plan.people })}
            </Button>
          )
        )}
      </div>
    </Dialog>
  )
}

function Outcome({ digest, isSent }: { readonly digest: UnitDigest; readonly isSent: boolean }) {
  const { people, units, already, unreachable, withoutHead } = digest
  const who = unreachable.map(({ name, unitName }) => `${name} (${unitName})`).join('; ')
  return (
    <>
      <p>
        <strong>
          {isSent
            ? doneWords(digest)
            : people === 0
              ? t('digest.nobody')
              : t('digest.people', { people, units })}
        </strong>
      </p>
      {already > 0 && <p>{t('digest.already', { count: already })}</p>}
      {who !== '' && <p>{t('digest.unreachable', { who })}</p>}
      {withoutHead.length > 0 && <p>{t('digest.withoutHead', { units: withoutHead.join('; ') })}</p>}
    </>
  )
}

function doneWords({ people, units }: UnitDigest): string {
  return t('digest.done', { people, units })
}
