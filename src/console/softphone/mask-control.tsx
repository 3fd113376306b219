import { useEffect } from 'preact/hooks'
import type { MaskCause } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import type { Console } from '../state/console.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { clock, secondsSince } from '../ui/format.ts'

/** Seconds that are not for the recording: by the button, or while the cursor is in a field that the city lists. */
export function MaskControl({ desk }: { readonly desk: Console }) {
  const { call, mask } = desk.line.value
  const masking = desk.session.value?.masking
  const callId = call?.state === 'talking' || call?.state === 'held' ? call.id : null
  const set = (masked: boolean, cause: MaskCause): void => {
    if (callId !== null) desk.api.setMask(callId, { masked, cause }).catch(sayFailure)
  }
  useEffect(() => {
    if (callId === null || masking === undefined) return undefined
    const isListed = (target: EventTarget | null): boolean =>
      (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) &&
      masking.fields.includes(target.name)
    const entered = (event: FocusEvent): void => {
      if (isListed(event.target) && desk.line.value.mask === null) set(true, 'field')
    }
    // What the operator began by the button is theirs to end. Asked in any case: the word that it is masked may be on its way.
    const left = (event: FocusEvent): void => {
      const isOut = isListed(event.target) && !isListed(event.relatedTarget)
      if (isOut && desk.line.value.mask?.cause !== 'button') set(false, 'field')
    }
    document.addEventListener('focusin', entered)
    document.addEventListener('focusout', left)
    return () => {
      document.removeEventListener('focusin', entered)
      document.removeEventListener('focusout', left)
      // The field goes with the page.
      if (desk.line.value.mask?.cause === 'field') set(false, 'field')
    }
  }, [callId, masking])
  if (callId === null) return null
  const seconds = mask === null ? 0 : secondsSince(mask.since, now.value)
  const isLong = seconds >= (masking?.warnSeconds ?? Infinity)
  return (
    <>
      <Button
        pressed={mask !== null}
        onClick={() => {
          set(mask === null, 'button')
        }}
      >
        {mask === null ? t('mask.begin') : t('mask.end')}
      </Button>
      {mask !== null && (
        <p class={isLong ? 'problem' : 'note'} role={isLong ? 'alert' : 'status'}>
          {t(isLong ? 'mask.long' : 'mask.on')} <b role="timer">{clock(seconds)}</b>
        </p>
      )}
    </>
  )
}
