/** A JSON schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>

const SIMPLE = new Set(['string', 'number', 'integer', 'boolean'])

/**
 * The same answer in words that fast-json-stringify writes by itself. For what may be one of several it has ajv build a check for each of
 * them, which for the answer of a case took ten times as long as the rest, at the first request that asked for one. `T | null` is
 * `nullable` to it, and words that are listed are texts: nearly all of ours are one of the two. Real choices stay as they are, all of them.
 *
 * `known` holds what was made of a part, which stands in many answers.
 */
export function plainSchema(schema: object, known: Map<object, Schema>): Schema {
  const before = known.get(schema)
  if (before !== undefined) return before
  const parts = schema as Schema
  const plain = Array.isArray(parts['anyOf'])
    ? oneOfSeveral(parts, parts['anyOf'] as readonly Schema[], known)
    : whole(parts, known)
  known.set(schema, plain)
  return plain
}

function whole(schema: Schema, known: Map<object, Schema>): Schema {
  const type = simpleType(schema)
  if (type !== undefined) return { type }
  const { properties, items, additionalProperties } = schema
  return {
    ...schema,
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [name, plainSchema(part as Schema, known)]),
          ),
        }
      : {}),
    ...(isSchema(items) ? { items: plainSchema(items, known) } : {}),
    ...(isSchema(additionalProperties)
      ? { additionalProperties: plainSchema(additionalProperties, known) }
      : {}),
  }
}

function oneOfSeveral(schema: Schema, choices: readonly Schema[], known: Map<object, Schema>): Schema {
  const others = choices.filter(({ type }) => type !== 'null')
  const nullable = others.length < choices.length ? { nullable: true } : {}
  const [only] = others
  if (only !== undefined && others.length === 1) return { ...plainSchema(only, known), ...nullable }
  const types = new Set(others.map(simpleType))
  const [type] = types
  if (type !== undefined && types.size === 1) return { type, ...nullable }
  // What tells its sides apart may be a constant that would be any text.
  return schema
}

/** Of what is written by its type alone; undefined for all else. */
function simpleType({ type, enum: listed }: Schema): string | undefined {
  if (typeof type === 'string' && SIMPLE.has(type)) return type
  const areTexts = Array.isArray(listed) && listed.every((one) => typeof one === 'string')
  return type === undefined && areTexts ? 'string' : undefined
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
