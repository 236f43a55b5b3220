/**
 * All texts of the customers' pages. Texts with values are functions. Each area is a module of its own, so that a page
 * loads the texts of its areas only. A second language is a folder beside `en/`, and a value in each area.
 */
export * as t from './areas/index.ts'
