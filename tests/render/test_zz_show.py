import gzip
import tests.render.test_first_load as t
from tests.render.test_first_load import client
def test_show(client):
    for path in ['/','/embed']:
        html=client.get(path).text
        w={n.split('/')[-1] or n:t.sent(client,n) for n in (path,*t.named(html))}
        w['trace']=len(gzip.compress(t.TRACE.sub("", html).encode())) - len(gzip.compress(html.encode()))
        print("\n@",path,sum(w.values()),w)
