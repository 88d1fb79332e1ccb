import polgap


def test_every_public_name_is_there_and_documented():
    assert polgap.__all__ == sorted(polgap.__all__)
    assert len(polgap.__all__) <= 30
    for name in polgap.__all__:
        found = getattr(polgap, name)
        assert name == "__version__" or found.__doc__, name


def test_an_unknown_name_is_refused():
    try:
        polgap.nothing  # noqa: B018
    except AttributeError as error:
        assert "nothing" in str(error)
    else:
        raise AssertionError
