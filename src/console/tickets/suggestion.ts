import { effect, signal } from '@preact/signals'
import type { Console } from '../state/console.ts'

/** Units that usually handle what the open form says, best first. */
export const suggestion = signal<readonly string[]>([])

/** Keeps the suggestion in step with field and area of the form on the desk. */
export function followSuggestion(desk: Console): void {
  let asked = ''
  effect(() => {
    const form = desk.editor.value?.form.value
    const wanted = form === undefined ? '' : `${form.fieldId ?? ''}|${form.areaId ?? ''}`
    if (wanted === asked) return
    asked = wanted
    if (form === undefined || wanted === '|') {
      suggestion.value = []
      return
    }
    desk.api.suggestUnits(form.fieldId, form.areaId).then(
      ({ unitIds }) => {
        if (asked === wanted) suggestion.value = unitIds
      },
      () => {
        // Help that does not come is no error to show during a call; the whole list stays there to choose from.
        if (asked === wanted) suggestion.value = []
      },
    )
  })
}
