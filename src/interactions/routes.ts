import { capabilities } from './capabilities.ts';
import { bundle } from './bundle/bundle.ts';
import type { Route } from './context.ts';
import { create } from './create.ts';
import { remove, removeMatching } from './delete.ts';
import { historyOfInstance, historyOfSystem, historyOfType } from './history.ts';
import { patch, patchMatching } from './patch.ts';
import { read } from './read.ts';
import { searchCompartment, searchSystem, searchType } from './search.ts';
import { update, updateMatching } from './update.ts';
import { vread } from './vread.ts';

/** THE table of RESTful interactions (http.html#summary). Routing, the capability statement and the documentation derive from it. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', pattern: ':type/:id', interaction: 'read', action: 'r', parameters: [], handle: read },
  { method: 'GET', pattern: ':type', interaction: 'search-type', action: 's', handle: searchType },
  { method: 'POST', pattern: ':type', interaction: 'create', action: 'c', handle: create },
  { method: 'PUT', pattern: ':type/:id', interaction: 'update', action: 'u', parameters: [], handle: update },
  { method: 'POST', pattern: '', interaction: 'transaction', parameters: [], handle: bundle },
  { method: 'DELETE', pattern: ':type/:id', interaction: 'delete', action: 'd', parameters: [], handle: remove },
  { method: 'PATCH', pattern: ':type/:id', interaction: 'patch', action: 'u', parameters: [], handle: patch },
  { method: 'GET', pattern: 'metadata', interaction: 'capabilities', parameters: ['mode'], handle: capabilities },
  {
    method: 'GET',
    pattern: ':type/:id/_history/:version',
    interaction: 'vread',
    action: 'r',
    parameters: [],
    handle: vread,
  },
  {
    method: 'GET',
    pattern: ':type/:id/_history',
    interaction: 'history-instance',
    action: 'r',
    handle: historyOfInstance,
  },
  { method: 'POST', pattern: ':type/_search', interaction: 'search-type', action: 's', handle: searchType },
  { method: 'GET', pattern: ':type/_history', interaction: 'history-type', action: 's', handle: historyOfType },
  { method: 'PUT', pattern: ':type', interaction: 'update', action: 'u', handle: updateMatching },
  { method: 'PATCH', pattern: ':type', interaction: 'patch', action: 'u', handle: patchMatching },
  { method: 'DELETE', pattern: ':type', interaction: 'delete', action: 'd', handle: removeMatching },
  { method: 'GET', pattern: ':type/:id/:inner', interaction: 'search-type', handle: searchCompartment },
  { method: 'POST', pattern: ':type/:id/:inner/_search', interaction: 'search-type', handle: searchCompartment },
  { method: 'GET', pattern: '', interaction: 'search-system', handle: searchSystem },
  { method: 'POST', pattern: '_search', interaction: 'search-system', handle: searchSystem },
  { method: 'GET', pattern: '_history', interaction: 'history-system', handle: historyOfSystem },
];
