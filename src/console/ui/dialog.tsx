import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'

/** A modal layer: the browser keeps the focus inside, Escape closes, focus returns where it was. */
export function Dialog(props: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly wide?: boolean
  readonly bare?: boolean
}) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before the next key: an effect after painting leaves the first letter to the field below, and changes it.
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog !== null && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class={props.wide === true ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) props.onClose()
      }}
    >
      <div class="dialog-body">
        <header class={props.bare === true ? 'hidden' : 'dialog-head'}>
          <h2 id={titleId}>{props.title}</h2>
          <Button kind="quiet" icon="close" label={t('action.close')} onClick={props.onClose} small />
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
