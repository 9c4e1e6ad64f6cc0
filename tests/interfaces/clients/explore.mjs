// Drives the unmodified client against the address given, and prints what it understood as JSON.
import api from '@opendatasoft/api-client';

const {
    ApiClient, all, date, dateTime, exactMatch, field, fromCatalog, list, not, one, textSearch, textStartWith,
    textSuggest,
} = api;

const kinds = ['AuthenticationError', 'NotFoundError', 'UserError', 'ServerError'];
const client = new ApiClient({ domain: process.argv[2], apiKey: 'unknown-here' });
const parkings = fromCatalog().dataset('parkings');
const records = () => parkings.records();

const attempt = async query => {
    try {
        return { value: await client.get(query) };
    } catch (error) {
        return { error: kinds.find(kind => error instanceof api[kind]) ?? String(error), message: error.message };
    }
};
const queries = {
    root: fromCatalog().itself(),
    datasets: fromCatalog().datasets().limit(5).orderBy('title'),
    catalogueFacets: fromCatalog().facets().facet('theme').refine('keyword:voiture'),
    dataset: parkings.itself(),
    page: records().limit(2).offset(1).select(list(field('commune'), field('code'))),
    equal: records().where(exactMatch('commune', 'Nantes')).limit(1),
    either: records().where(one('places = 1', 'places = 2')).limit(1),
    both: records().where(all('places > 1', not('places > 3'), undefined)).limit(1),
    search: records().where(textSearch('nantes')).limit(1),
    suggest: records().where(textSuggest('herb')).limit(1),
    starts: records().where(textStartWith('Nant', ['commune'])).limit(1),
    day: records().where(`maj < ${date({ year: 2024, month: 1, day: 2 })}`).limit(1),
    instant: records().where(`maj <= ${dateTime(new Date(Date.UTC(2024, 0, 1)))}`).limit(1),
    range: records().where('places in [0..10]').limit(1),
    groups: records().select('commune, count(*) as n').groupBy('commune').orderBy('n desc').timezone('Europe/Paris'),
    facets: parkings.facets().facet('facet(name="commune", sort="-count")').lang('fr'),
    exported: parkings.export('json').limit(3),
    record: null,
    wrong: records().where('len(commune) = 2'),
    tooMany: records().limit(101),
    absent: fromCatalog().dataset('nowhere').records(),
    hidden: fromCatalog().dataset('agents').itself(),
};
const answers = {};
for (const [name, query] of Object.entries(queries)) {
    if (query) answers[name] = await attempt(query);
}
const first = await client.get(records().select('_id, code').limit(1));
answers.record = await attempt(parkings.record(first.results[0]._id));
console.log(JSON.stringify(answers));
