"""The people of 示例市 and a year and a bit of their work, made by the product's own verbs in the order of time.

``populate`` is the way in. Who there is stands in ``city.yaml``, what they write in ``texts.yaml``; ``current`` and
``former`` tell the two campaigns, one function for each case.
"""
