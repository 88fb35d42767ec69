import { type DocumentNode, type FieldNode, Kind, type SelectionNode, visit } from 'graphql';

/**
 * `resource(type: Patient) { birthDate }` asks for elements of the type that it names (graphql.html#references), though
 * the schema knows but a Resource there: they are put into `... on Patient`, as the longer form has them.
 */
export const narrowed = (document: DocumentNode, isResourceType: (name: string) => boolean): DocumentNode =>
  visit(document, {
    Field: {
      leave(field) {
        const type = typeNamed(field);
        const { selectionSet } = field;
        if (type === undefined || selectionSet === undefined || !isResourceType(type)) return undefined;
        const fields = selectionSet.selections.filter(({ kind }) => kind === Kind.FIELD);
        if (fields.length === 0) return undefined;
        const others = selectionSet.selections.filter(({ kind }) => kind !== Kind.FIELD);
        return { ...field, selectionSet: { ...selectionSet, selections: [within(type, fields), ...others] } };
      },
    },
  });

function typeNamed({ name, arguments: stated = [] }: FieldNode): string | undefined {
  const value = name.value === 'resource' ? stated.find((it) => it.name.value === 'type')?.value : undefined;
  return value?.kind === Kind.ENUM || value?.kind === Kind.STRING ? value.value : undefined;
}

const within = (type: string, selections: readonly SelectionNode[]): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});
