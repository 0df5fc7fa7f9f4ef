"""Pooled staff: posts, contracts, placements, rotas, hours (a later release fills this package).

A pooled person is already a resource of kind `person`, so nobody is booked in two places.
"""
