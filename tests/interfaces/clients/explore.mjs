// Drives the unmodified client against the address given, and prints what it understood as JSON.
import api from '@opendatasoft/api-client';

const {
    ApiClient, all, date, dateFromIsoString, dateTime, exactMatch, field, fromCatalog, fromDataNetwork, fromMonitoring, list,
    lower, not, one, string, textSearch, textStartWith, textSuggest,
} = api;

const [domain, key] = process.argv.slice(2);
const kinds = ['AuthenticationError', 'NotFoundError', 'UserError', 'ServerError'];
const client = new ApiClient({ domain });
const parkings = fromCatalog().dataset('parkings');
const records = () => parkings.records();

const attempt = async (query, asking = client) => {
    try {
        return { value: await asking.get(query) };
    } catch (error) {
        return { error: kinds.find(kind => error instanceof api[kind]) ?? String(error), message: error.message };
    }
};
const queries = {
    root: fromCatalog().itself(),
    datasets: fromCatalog().datasets().limit(5).orderBy('title'),
    datasetsWhere: fromCatalog().datasets().where("features='geo'").select('dataset_id').orderBy('-records_count'),
    catalogueFacets: fromCatalog().facets().facet('theme').refine('keyword:voiture'),
    catalogueExport: fromCatalog().export('json').limit(1),
    dataset: parkings.itself(),
    lowered: records().where(`${lower('commune')} = "nantes"`).select(`${lower('commune')} as name`).limit(1),
    isoDate: records().where(`maj < ${dateFromIsoString('2024-01-03')}`).unset('limit').set('limit', '0'),
    page: records().limit(2).offset(1).select(list(field('commune'), field('code'))),
    equal: records().where(exactMatch('commune', 'Nantes')).limit(1),
    quoted: records().where(`commune = ${string('Saint-Herblain; "bis"')}`).limit(1),
    either: records().where(one('places = 1', 'places = 2')).limit(1),
    both: records().where(all('places > 1', not('places > 3'), undefined)).limit(1),
    nested: records().where(all(one('places = 1', 'places = 2'), not(one('places = 2', 'places = 3')))).limit(1),
    repeated: records().where('places > 1').where(where => all(where, 'places < 3')).limit(1),
    search: records().where(textSearch('nantes')).limit(1),
    searchField: records().where(textSearch('nantes', ['commune', 'code'])).limit(1),
    suggest: records().where(textSuggest('herb')).limit(1),
    suggestField: records().where(textSuggest('herb', ['commune'])).limit(1),
    starts: records().where(textStartWith('Nant', ['commune'])).limit(1),
    startsAnywhere: records().where(textStartWith('nant')).limit(1),
    day: records().where(`maj < ${date({ year: 2024, month: 1, day: 2 })}`).limit(1),
    instant: records().where(`maj <= ${dateTime(new Date(Date.UTC(2024, 0, 1)))}`).limit(1),
    epoch: records().where(`maj >= ${dateTime(new Date(0))}`).limit(1),
    range: records().where('places in [0..10]').limit(1),
    refined: records().refine('commune:Nantes').exclude('places:0').limit(0),
    groups: records().select('commune, count(*) as n').groupBy('commune').orderBy('n desc').timezone('Europe/Paris'),
    twoGroups: records().groupBy('commune, places').select('commune, places, count(*) as n').limit(200),
    facets: parkings.facets().facet('facet(name="commune", sort="-count")').lang('fr'),
    exported: parkings.export('json').limit(3),
    monitoring: fromMonitoring().itself(),
    monitored: fromMonitoring().datasets().limit(1),
    monitoredFacets: fromMonitoring().facets().facet('theme'),
    network: fromDataNetwork().datasets().where('"sirene"'),
    networkExport: fromDataNetwork().export('json'),
    assets: fromCatalog().assets(),
    monitoredDataset: fromMonitoring().dataset('ods-api-monitoring').records(),
    wrong: records().where('len(commune) = 2'),
    tooMany: records().limit(101),
    unknown: records().select(field('a`b')),
    absent: fromCatalog().dataset('nowhere').records(),
    absentRecord: parkings.record('nowhere'),
    hidden: fromCatalog().dataset('agents').itself(),
};
const answers = {};
for (const [name, query] of Object.entries(queries)) answers[name] = await attempt(query);

const first = await client.get(records().select('_id, code').limit(1));
answers.record = await attempt(parkings.record(first.results[0]._id));
const holder = new ApiClient({ domain, apiKey: key });
answers.withKey = await attempt(fromCatalog().dataset('agents').records().limit(1), holder);
answers.listedWithKey = await attempt(fromCatalog().datasets().orderBy('dataset_id').select('dataset_id'), holder);
answers.wrongKey = await attempt(fromCatalog().datasets(), new ApiClient({ domain, apiKey: 'unknown-here' }));

// Every format that the client knows by name, at the address that it builds: its `get` reads JSON only.
// The whole body is read: node fails on one that ends with its connection while nobody takes it.
const status = async query => {
    const answer = await fetch(`${domain}/api/explore/v2.1/${query.toString()}`);
    await answer.arrayBuffer();
    return answer.status;
};
const formats = { dataset: {}, catalog: {} };
for (const format of Object.values(api.EXPORT_DATASET_FORMAT)) formats.dataset[format] = await status(parkings.export(format));
for (const format of Object.values(api.EXPORT_CATALOG_FORMAT)) formats.catalog[format] = await status(fromCatalog().export(format));
console.log(JSON.stringify({ ...answers, formats: { value: formats } }));
