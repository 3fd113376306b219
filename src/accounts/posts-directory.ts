import type { AgencyDirectory } from '../agencies/service.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { Posts } from './service.ts'

/** Accounts belong to the people of the directory as it is today. */
export function createDirectoryPosts(directory: Pick<AgencyDirectory, 'unit'>): Posts {
  const peopleOf = (unitId: string, role: string) =>
    directory.unit(unitId)?.people.filter((person) => person.role === role) ?? []
  return {
    match({ unitId, role, name }) {
      const same = peopleOf(unitId, role).filter((one) => foldVietnamese(one.name) === foldVietnamese(name))
      return same.length === 1 ? (same[0]?.id ?? null) : null
    },
    holds: ({ unitId, role, postId }) => peopleOf(unitId, role).some(({ id }) => id === postId),
  }
}
