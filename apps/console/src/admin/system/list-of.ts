interface Pages<Item> {
  pages: readonly { items: readonly Item[] }[]
}

/** How a list reads its pages: `nextCursor` leads to the next one. */
export const byCursor = { getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor }

/** The rows of all pages read so far. */
export const allItems = <Item>({ pages }: Pages<Item>): Item[] => pages.flatMap(({ items }) => [...items])
